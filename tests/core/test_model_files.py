"""A file that is torn, no model, of other shapes or a program is refused and never run."""

import numpy as np
import pytest

from mnist_core.errors import CheckpointError
from mnist_core.prediction import load_model, predict

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
        lambda: sequential((28, 28), 9),
        two_headed,
        two_eyed,
        pixel_by_pixel,
    ],
)
def test_a_model_of_other_shapes_is_refused(tmp_path, build):
    build().save(tmp_path / "other.keras")
    with pytest.raises(CheckpointError, match=r"from 28×28 images to ten or more classes in other"):
        load_model(tmp_path / "other.keras")


@pytest.mark.filterwarnings("ignore:You are saving a model that has not yet been built")
def test_a_model_that_does_not_know_its_shapes_is_refused(tmp_path):
    from keras import Sequential, layers

    Sequential([layers.Flatten(), layers.Dense(10)]).save(tmp_path / "unbuilt.keras")
    with pytest.raises(CheckpointError, match=r"ten or more classes in unbuilt\.keras"):
        load_model(tmp_path / "unbuilt.keras")


def test_a_model_that_brings_its_own_program_is_refused_and_not_run(tmp_path):
    from keras import Input, Sequential, layers

    trace = str(tmp_path / "trace")
    program = layers.Lambda(lambda x: (open(trace, "w").close(), x)[1])
    Sequential([Input((28, 28)), layers.Flatten(), layers.Dense(10), program]).save(
        tmp_path / "program.keras"
    )
    (tmp_path / "trace").unlink()
    with pytest.raises(CheckpointError, match=r"program\.keras .* cannot open \(.*Lambda"):
        load_model(tmp_path / "program.keras")
    assert not (tmp_path / "trace").exists()
