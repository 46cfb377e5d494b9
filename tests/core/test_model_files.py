"""A file that is torn, no model, of other shapes or a program is refused and never run."""

import json
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist_core.errors import CheckpointError
from mnist_core.inference import model_files
from mnist_core.inference.model_files import check_description, open_model
from mnist_core.inference.prediction import load_model, predict
from mnist_core.recipes import RECIPES

IMAGES = np.zeros((2, 28, 28), np.uint8)


def test_a_missing_model_file_is_one_clear_error(tmp_path):
    with pytest.raises(CheckpointError, match=r"none\.keras .* it cannot be read"):
        predict(tmp_path / "none.keras", IMAGES)


@pytest.mark.parametrize("keep", [0, 1_000, 1_000_000, -1])
def test_a_torn_model_file_is_one_clear_error(tiny_run, tmp_path, keep):
    torn = tmp_path / "torn.keras"
    torn.write_bytes(tiny_run.checkpoint(1).path.read_bytes()[:keep])
    with pytest.raises(CheckpointError, match=r"torn\.keras .* cannot open"):
        predict(torn, IMAGES)


def test_a_file_that_is_no_model_is_one_clear_error(tmp_path):
    (tmp_path / "note.keras").write_text("not a model")
    with pytest.raises(CheckpointError, match=r"note\.keras .* cannot open") as caught:
        predict(tmp_path / "note.keras", IMAGES)
    assert "\n" not in str(caught.value)


def sequential(shape: tuple[int | None, ...], units: int):
    from keras import Input, Sequential, layers

    return Sequential([Input(shape), layers.Flatten(), layers.Dense(units)])


def two_headed():
    from keras import Input, Model, layers

    image = Input((28, 28))
    flat = layers.Flatten()(image)
    return Model(image, [layers.Dense(10)(flat), layers.Dense(10)(flat)])


def two_eyed():
    from keras import Input, Model, layers

    left, right = Input((28, 28)), Input((28, 28))
    return Model([left, right], layers.Dense(10)(layers.Flatten()(layers.Add()([left, right]))))


def pixel_by_pixel():
    from keras import Input, Sequential, layers

    return Sequential([Input((28, 28)), layers.Dense(10)])


@pytest.mark.parametrize(
    "build",
    [
        lambda: sequential((32, 32), 10),
        lambda: sequential((28, 28, 1), 10),
        lambda: sequential((784,), 10),
        lambda: sequential((28, 28), 1),
        two_headed,
        two_eyed,
        pixel_by_pixel,
    ],
)
def test_a_model_of_other_shapes_is_refused(tmp_path, build):
    build().save(tmp_path / "other.keras")
    with pytest.raises(CheckpointError, match=r"from 28×28 images to 2 or more classes in other"):
        load_model(tmp_path / "other.keras")


@pytest.mark.filterwarnings("ignore:You are saving a model that has not yet been built")
def test_a_model_that_does_not_know_its_shapes_is_refused(tmp_path):
    from keras import Sequential, layers

    Sequential([layers.Flatten(), layers.Dense(10)]).save(tmp_path / "unbuilt.keras")
    with pytest.raises(CheckpointError, match=r"unbuilt\.keras .* of which shape its input is"):
        load_model(tmp_path / "unbuilt.keras")


def test_a_model_that_brings_its_own_program_is_refused_and_not_run(tmp_path):
    from keras import Input, Sequential, layers

    trace = str(tmp_path / "trace")
    program = layers.Lambda(lambda x: (open(trace, "w").close(), x)[1])
    Sequential([Input((28, 28)), layers.Flatten(), layers.Dense(10), program]).save(
        tmp_path / "program.keras"
    )
    (tmp_path / "trace").unlink()
    with pytest.raises(CheckpointError, match=r"program\.keras\. Received: Lambda"):
        load_model(tmp_path / "program.keras")
    assert not (tmp_path / "trace").exists()


def rewritten(source: Path, target: Path, old: str, new: str) -> Path:
    """A copy of a model file whose description says something else."""
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w") as copy:
        for name in archive.namelist():
            content = archive.read(name)
            if name == "config.json":
                assert old in content.decode()
                content = content.decode().replace(old, new).encode()
            copy.writestr(name, content)
    return target


def described_only(layers: list, file: Path) -> Path:
    """A model file that names layers and brings no weights."""
    import keras

    with keras.StatelessScope(initialize_variables=False):
        model = keras.Sequential([keras.Input((28, 28)), *layers])
        description = json.dumps(keras.saving.serialize_keras_object(model))
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("config.json", description)
    return file


def test_a_small_file_that_names_a_huge_layer_is_refused_before_it_takes_memory(tmp_path):
    import resource

    from keras import layers

    flat = [layers.Flatten(), layers.Dense(200_000_000), layers.Dense(10)]
    huge = described_only(flat, tmp_path / "huge.keras")
    assert huge.stat().st_size < 10_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(CheckpointError, match=r"at most 20,000,000 parameters .* 159,000,000,010"):
        load_model(huge)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kB


def test_a_layer_with_too_many_outputs_is_refused(tmp_path):
    from keras import layers

    named = [layers.Reshape((28, 28, 1)), layers.Conv2D(1_000, 3), layers.GlobalMaxPooling2D()]
    wide = described_only(named, tmp_path / "wide.keras")
    with pytest.raises(CheckpointError, match=r"400,000 outputs of a layer .* 676,000"):
        load_model(wide)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"class_name": "Flatten"', '"class_name": "TFSMLayer"'),
        ('"class_name": "GlorotUniform"', '"class_name": "Popen"'),
        (
            '"module": "keras.layers", "class_name": "Flatten"',
            '"module": "os", "class_name": "Add"',
        ),
    ],
)
def test_anything_but_keras_own_layers_is_refused_by_name(tiny_run, tmp_path, old, new):
    file = rewritten(tiny_run.checkpoint(1).path, tmp_path / "other.keras", old, new)
    with pytest.raises(CheckpointError, match=r"layers of Keras's own in other\.keras"):
        load_model(file)


def test_a_file_that_unpacks_into_too_much_is_refused(tiny_run, tmp_path):
    bomb = tmp_path / "bomb.keras"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", "{}")
        with archive.open("model.weights.h5", "w", force_zip64=True) as entry:
            for _ in range(330):
                entry.write(bytes(1_000_000))
    assert bomb.stat().st_size < 1_000_000
    with pytest.raises(CheckpointError, match="unpacked it has 330,000,002 bytes"):
        load_model(bomb)


@pytest.mark.parametrize("suffix", ["keras", "h5"])
def test_arrays_that_unpack_into_too_much_are_refused(tiny_run, tmp_path, suffix):
    import h5py

    weights = tmp_path / "weights.h5"
    with h5py.File(weights, "w") as stored:
        stored.attrs["model_config"] = "{}"
        stored.create_dataset("w", shape=(100_000_000,), dtype="f4", chunks=True, compression=9)
    bomb = tmp_path / f"bomb.{suffix}"
    if suffix == "h5":
        weights.rename(bomb)
    else:
        with zipfile.ZipFile(bomb, "w") as archive:
            archive.writestr("config.json", "{}")
            archive.write(weights, "model.weights.h5")
    assert bomb.stat().st_size < 1_000_000
    with pytest.raises(CheckpointError, match="unpacked it has 400,000,000 bytes"):
        open_model(bomb)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_no_description_is_more_than_one_clear_error(described):
    with pytest.raises(CheckpointError):
        check_description({"class_name": "Functional", "config": described}, Path("odd.keras"))


@pytest.mark.parametrize("name", RECIPES)
def test_the_files_of_all_recipes_are_opened_as_keras_and_as_h5(name, tmp_path):
    model = RECIPES[name].build()
    for suffix in ("keras", "h5"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that .h5 is a legacy format
            model.save(tmp_path / f"model.{suffix}")
        assert open_model(tmp_path / f"model.{suffix}").count_params() == RECIPES[name].parameters


def test_a_packing_that_says_nothing_of_its_size_is_refused(tmp_path):
    packed = tmp_path / "packed.keras"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("config.json", "{}")
    with pytest.raises(CheckpointError, match="packed in another way than Keras packs"):
        open_model(packed)


def test_weights_of_another_kind_are_refused_unread(tmp_path):
    other = tmp_path / "other.keras"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("config.json", "{}")
        archive.writestr("model.weights.npz", b"anything")
    with pytest.raises(CheckpointError, match=r"it holds 'model\.weights\.npz'"):
        open_model(other)


def test_a_small_compressed_array_is_refused_since_its_stream_may_be_long(tmp_path):
    import h5py

    with h5py.File(tmp_path / "small.h5", "w") as stored:
        stored.attrs["model_config"] = "{}"
        stored.create_dataset("w", data=np.zeros(1_000, "f4"), compression=9)
    with pytest.raises(CheckpointError, match="is compressed, which Keras never does"):
        open_model(tmp_path / "small.h5")


@pytest.mark.parametrize("suffix", [".keras", ".h5", ".KERAS"])
def test_what_is_opened_is_what_was_checked_even_if_the_file_is_swapped_meanwhile(
    tmp_path, monkeypatch, suffix
):
    import keras

    model_file, other = tmp_path / f"model{suffix}", tmp_path / f"other{suffix.lower()}"
    checked = sequential((28, 28), 10)
    checked.save(tmp_path / f"checked{suffix.lower()}")
    (tmp_path / f"checked{suffix.lower()}").rename(model_file)
    keras.Sequential([keras.Input((28, 28)), keras.layers.Dense(3)]).save(other)

    def check_and_swap(described: dict, path: Path) -> None:
        check_description(described, path)
        other.replace(model_file)

    monkeypatch.setattr(model_files, "check_description", check_and_swap)
    opened = open_model(model_file)
    assert not other.exists()
    for ours, theirs in zip(opened.get_weights(), checked.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
