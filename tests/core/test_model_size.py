"""What a model takes for one image is counted by hand, and no small file takes too much."""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from mnist_core.errors import CheckpointError
from mnist_core.explainers import Target
from mnist_core.explainers.deep_shap import explain_block
from mnist_core.explainers.rescale_pass import RescalePass
from mnist_core.inference import model_size
from mnist_core.inference.model_files import check_description, open_model
from mnist_core.inference.model_size import ModelSize, images_at_once, images_in_a_call, size_of
from mnist_core.inference.neighbours import embed, embed_first, find_neighbours
from mnist_core.inference.prediction import (
    _at_once,
    _in_a_call,
    predict,
    predict_first,
    predict_split,
)

if TYPE_CHECKING:
    import keras


def chain(*named: keras.Layer, shape: tuple[int | None, ...] = (28, 28, 1)) -> keras.Model:
    import keras

    return keras.Sequential([keras.Input(shape), *named])


def attending() -> keras.Model:
    from keras import Input, Model, layers

    image = Input((28, 28))
    seen = layers.MultiHeadAttention(4, 16)(image, image)
    return Model(image, seen)


def nested(depth: int) -> keras.Model:
    """A model that uses twice a model that uses twice a model …"""
    from keras import Input, Model, layers

    image = Input((28, 28))
    if depth == 0:
        return Model(image, layers.ReLU()(image))
    inner = nested(depth - 1)
    return Model(image, inner(inner(image)))


def by_hand() -> dict[str, tuple[keras.Model, ModelSize]]:
    from keras import layers

    pixels, conv = 28 * 28, 26 * 26 * 8
    gates = 4 * (28 + 64 + 1) * 64
    heads = 3 * (28 + 1) * 64 + (64 + 1) * 28
    scores = 4 * 28 * 28
    return {
        "convolution": (
            chain(layers.Conv2D(8, 3)),
            ModelSize(1, conv, conv, 2 * 26 * 26 * (9 + 1) * 8 + pixels + conv),
        ),
        "dense": (
            chain(layers.Flatten(), layers.Dense(10)),
            ModelSize(2, pixels, pixels + 10, 2 * pixels + 2 * 7_850 + pixels + 10),
        ),
        "pooling": (
            chain(layers.MaxPooling2D(2)),
            ModelSize(1, 196, 196, pixels + 196 + 4 * 196),
        ),
        "many filters between": (
            chain(layers.SeparableConv2D(1, 1, depth_multiplier=50)),
            ModelSize(1, pixels, pixels + 50 * pixels, 2 * pixels * 101 + 2 * pixels),
        ),
        "row by row": (
            chain(layers.LSTM(64), shape=(28, 28)),
            ModelSize(
                1, 64, 64 + 28 * 128, 28 * (2 * gates + model_size.OPERATIONS_OF_A_STEP) + 784 + 64
            ),
        ),
        "written out": (
            chain(layers.SimpleRNN(2, unroll=True), shape=(28, 28)),
            ModelSize(29, 2, 2 + 56, 28 * (2 * 62 + model_size.OPERATIONS_OF_A_STEP) + pixels + 2),
        ),
        "each row alone": (
            chain(layers.TimeDistributed(layers.Dense(10)), shape=(28, 28)),
            ModelSize(29, 280, 560, 28 * (2 * 290 + 28 + 10)),
        ),
        "attention": (
            attending(),
            ModelSize(
                1, pixels, pixels + scores, 2 * 28 * heads + 3 * pixels + 2 * scores * (16 + 16)
            ),
        ),
        "used four times": (nested(2), ModelSize(4, pixels, 4 * pixels, 8 * pixels)),
    }


@pytest.mark.parametrize(
    "name",
    [
        "convolution",
        "dense",
        "pooling",
        "many filters between",
        "row by row",
        "written out",
        "each row alone",
        "attention",
        "used four times",
    ],
)
def test_sizes_are_those_worked_out_by_hand(name):
    model, size = by_hand()[name]
    assert size_of(model) == size


def described(build: Callable[[], keras.Model]) -> dict[str, Any]:
    """What a model's file would say of it, without weights being made."""
    import keras

    with keras.StatelessScope(initialize_variables=False):
        text = json.dumps(keras.saving.serialize_keras_object(build()))
    return json.loads(text)


def doubled() -> keras.Model:
    from keras import Input, Model, layers

    image = Input((28, 28, 1))
    x = layers.UpSampling2D(22)(image)
    for _ in range(10):
        x = layers.Add()([x, x])
    return Model(image, layers.Dense(10)(layers.GlobalAveragePooling2D()(x)))


def three_wide_convolutions() -> keras.Model:
    from keras import layers

    wide = [layers.Conv2D(500, 3, padding="same") for _ in range(3)]
    return chain(*wide, layers.GlobalAveragePooling2D(), layers.Dense(10))


def unknown_within() -> keras.Model:
    """A model within that does not say how large its images are."""
    from keras import layers

    up = [layers.UpSampling2D(22) for _ in range(2)]
    inner = chain(*up, layers.GlobalAveragePooling2D(), shape=(None, None, 1))
    return chain(inner, layers.Dense(10))


def one_pixel_after_the_other() -> keras.Model:
    from keras import layers

    return chain(
        layers.UpSampling2D(4), layers.Reshape((-1, 1)), layers.SimpleRNN(1), layers.Dense(10)
    )


@pytest.mark.parametrize(
    ("build", "reason"),
    [
        (doubled, "at most 4,000,000 outputs of all layers in small.keras. Received: 4,17"),
        (three_wide_convolutions, "at most 2,000,000,000 operations for an image .* 7,0"),
        (unknown_within, "at most 400,000 outputs of a layer"),
        (one_pixel_after_the_other, "at most 2,000,000,000 operations for an image"),
        (lambda: nested(20), "more than 500"),
    ],
)
def test_a_small_file_that_would_take_much_is_refused(build, reason):
    with pytest.raises(CheckpointError, match=reason):
        check_description(described(build), Path("small.keras"))


def many_layers(n: int) -> dict[str, Any]:
    from keras import layers

    model = described(lambda: chain(layers.Flatten(), layers.Dropout(0.1), layers.Dense(10)))
    dropout = model["config"]["layers"].pop(2)
    named = [
        dropout | {"config": dropout["config"] | {"name": f"dropout_{i}"}} for i in range(n - 2)
    ]
    model["config"]["layers"][2:2] = named
    return model


def in_a_row(n: int) -> keras.Model:
    """`n` layers one after the other, each called once: a Sequential calls all again for each."""
    from keras import Input, Model, layers

    image = outputs = Input((28, 28))
    for _ in range(n):
        outputs = layers.Dropout(0.1)(outputs)
    return Model(image, outputs)


def test_layers_are_counted_before_any_is_built(monkeypatch):
    import keras

    check_description(described(lambda: in_a_row(500)), Path("deep.keras"))
    with pytest.raises(CheckpointError, match="it has 501 layers, more than 500"):
        check_description(described(lambda: in_a_row(501)), Path("deep.keras"))
    monkeypatch.setattr(keras.saving, "deserialize_keras_object", lambda _: pytest.fail("built"))
    with pytest.raises(CheckpointError, match="it has 20,000 layers, more than 500"):
        check_description(many_layers(20_000), Path("deep.keras"))


def test_one_layer_that_is_used_very_often_is_refused():
    model = described(lambda: nested(1))
    inner = model["config"]["layers"][1]
    inner["inbound_nodes"] *= 300
    with pytest.raises(CheckpointError, match="it has 1,200 layers, more than 500"):
        check_description(model, Path("often.keras"))


def test_a_shared_layer_is_described_in_one_way():
    model = many_layers(4)
    for dropout in model["config"]["layers"][2:4]:
        dropout["shared_object_id"] = 7
    with pytest.raises(CheckpointError, match="a shared layer in two ways"):
        check_description(model, Path("shared.keras"))


@pytest.mark.parametrize("depth", [400, 900, 100_000])
def test_a_description_nested_very_deeply_is_one_clear_error(tmp_path, depth):
    text = '{"class_name": "Functional", "config": ' + "[" * depth + "]" * depth + "}"
    with zipfile.ZipFile(tmp_path / "deep.keras", "w") as archive:
        archive.writestr("config.json", text)
    with pytest.raises(CheckpointError, match=r"deep\.keras .* cannot open"):
        open_model(tmp_path / "deep.keras")


@pytest.mark.parametrize("members", [65, 70_000])
def test_an_archive_of_many_files_is_refused_before_it_is_read(tmp_path, monkeypatch, members):
    import keras

    file = tmp_path / "many.keras"
    chain(keras.layers.Flatten(), keras.layers.Dense(10)).save(file)
    with zipfile.ZipFile(file, "a") as archive:
        for number in range(members - len(archive.namelist())):
            archive.writestr(f"f{number}", "")
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("read"))
    with pytest.raises(CheckpointError, match=r"it holds [\d,]+ files in [\d,]+ bytes"):
        open_model(file)


def test_an_archive_whose_last_record_lies_about_its_files_is_refused(tmp_path):
    file = tmp_path / "lies.keras"
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(2_000):
            archive.writestr(f"file-number-{number}", "")
    content = bytearray(file.read_bytes())
    content[-14:-10] = (1).to_bytes(2, "little") * 2  # “one file”, on this disk and in all
    file.write_bytes(content)
    with pytest.raises(CheckpointError, match="it holds 1 files in 1"):
        open_model(file)


def test_arrays_that_lie_elsewhere_are_refused(tmp_path):
    import h5py

    with h5py.File(tmp_path / "other.h5", "w") as other:
        other["secret"] = np.zeros(10)
    builders: dict[str, Callable[[h5py.File], object]] = {
        "link": lambda file: file.__setitem__("w", h5py.ExternalLink("other.h5", "secret")),
        "raw": lambda file: file.create_dataset("w", (9,), "f4", external=[("raw", 0, 36)]),
        "virtual": lambda file: file.create_virtual_dataset(
            "w", _virtual(h5py.VirtualSource("other.h5", "secret", (10,)))
        ),
    }
    for name, build in builders.items():
        with h5py.File(tmp_path / f"{name}.h5", "w") as stored:
            stored.attrs["model_config"] = "{}"
            build(stored)
        with pytest.raises(CheckpointError, match=r"it holds links|lies in another file"):
            open_model(tmp_path / f"{name}.h5")


def _virtual(source: Any) -> Any:
    import h5py

    layout = h5py.VirtualLayout((10,), "f8")
    layout[:] = source
    return layout


def test_a_chunk_that_is_larger_than_its_array_counts(tmp_path):
    import h5py

    with h5py.File(tmp_path / "chunk.h5", "w") as stored:
        stored.attrs["model_config"] = "{}"
        stored.create_dataset("w", (1,), "f4", chunks=(100_000_000,), maxshape=(None,))
    with pytest.raises(CheckpointError, match="unpacked it has 400,000,000 bytes"):
        open_model(tmp_path / "chunk.h5")


def test_more_groups_than_a_model_has_are_refused(tmp_path):
    import h5py

    with h5py.File(tmp_path / "groups.h5", "w") as stored:
        for number in range(10_001):
            stored.create_group(f"g{number}")
    with pytest.raises(CheckpointError, match="more than 10,000 arrays"):
        open_model(tmp_path / "groups.h5")


@pytest.fixture
def narrow_memory(tiny_run, monkeypatch):
    """Room for three images of a model, or for one background image of an explanation."""
    path = tiny_run.checkpoint(1).path
    outputs = size_of(open_model(path)).outputs
    _at_once.cache_clear()
    monkeypatch.setattr(model_size, "NUMBERS_AT_ONCE", 3 * outputs)
    yield path
    _at_once.cache_clear()


def test_what_does_not_fit_into_memory_at_once_is_computed_in_parts(
    narrow_memory, mnist_5k, monkeypatch
):
    import mnist_core.inference.neighbours
    import mnist_core.inference.prediction

    images, at_once = mnist_5k.split("validation").images[:20], []
    in_batches = mnist_core.inference.prediction.predict_in_batches

    def watched(compiled: Callable, images: np.ndarray, **options: int) -> np.ndarray:
        def counted(batch: np.ndarray) -> Any:
            at_once.append(len(batch))
            return compiled(batch)

        return in_batches(counted, images, **options)

    monkeypatch.setattr(mnist_core.inference.prediction, "predict_in_batches", watched)
    monkeypatch.setattr(mnist_core.inference.neighbours, "predict_in_batches", watched)
    found = predict(narrow_memory, images), embed(narrow_memory, images)
    assert at_once == 2 * [3, 3, 3, 3, 3, 3, 2]
    monkeypatch.setattr(model_size, "NUMBERS_AT_ONCE", 10**9)
    _at_once.cache_clear()
    whole = predict(narrow_memory, images), embed(narrow_memory, images)
    for parts, all_at_once in zip(found, whole, strict=True):
        np.testing.assert_allclose(parts, all_at_once, rtol=1e-4, atol=1e-6)


def test_an_explanation_in_parts_is_that_of_the_whole(narrow_memory, mnist_5k, monkeypatch):
    images = mnist_5k.split("validation").images[::80]
    asked, at_once = (narrow_memory, images[0], images[1:8], Target(classes=(3, 5))), []
    share = RescalePass.share

    def watched(self: RescalePass, image: list, background: list, *rest: Any, **how: Any) -> Any:
        at_once.append(len(background[0]))
        return share(self, image, background, *rest, **how)

    monkeypatch.setattr(RescalePass, "share", watched)
    parts = explain_block(*asked)
    monkeypatch.setattr(model_size, "NUMBERS_AT_ONCE", 10**9)
    whole = explain_block(*asked)
    assert at_once == [1] * 7 + [7]
    np.testing.assert_allclose(parts.values, whole.values, atol=1e-5)


def test_a_wide_model_gets_few_images_and_a_usual_one_a_thousand():
    from keras import layers

    assert images_at_once(chain(layers.Conv2D(32, 3))) > 1_000
    wide = chain(layers.UpSampling2D(22), *(layers.ReLU() for _ in range(9)))
    assert images_at_once(wide) == math.floor(100_000_000 / (616 * 616 * 10)) == 26
    assert images_at_once(wide, copies=8) == 3


def costly() -> keras.Model:
    """Nearly two billion operations an image."""
    from keras import layers

    return chain(
        layers.Conv2D(500, 3, padding="same"),
        layers.Conv2D(256, 3, padding="same"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(10, activation="softmax"),
    )


def test_a_costly_model_answers_for_few_images_at_a_time():
    model = costly()
    assert 1.7e9 < size_of(model).operations < model_size.MOST_OPERATIONS
    assert 20 <= images_in_a_call(model) <= 23


def test_a_usual_model_answers_for_a_whole_block(tiny_run):
    assert images_in_a_call(open_model(tiny_run.checkpoint(1).path)) >= 10_000


@pytest.fixture
def thirty_in_a_call(tiny_run, monkeypatch):
    checkpoint = tiny_run.checkpoint(1)
    operations = size_of(open_model(checkpoint.path)).operations
    monkeypatch.setattr(model_size, "OPERATIONS_OF_A_CALL", 30 * operations)
    _in_a_call.cache_clear()
    yield checkpoint
    _in_a_call.cache_clear()


def test_a_worker_takes_turns_and_answers_what_one_call_would(thirty_in_a_call, mnist_5k, tmp_path):
    split, checkpoint = mnist_5k.split("validation"), thirty_in_a_call
    answered: list[int] = []

    def watched(model_file: Path, images: np.ndarray) -> np.ndarray:
        y_prob = predict_first(model_file, images)
        answered.append(len(y_prob))
        return y_prob

    in_turns = predict_split(checkpoint, split, tmp_path / "turns", predict=watched)
    assert answered == [30] * 33 + [10]
    np.testing.assert_allclose(in_turns, predict(checkpoint.path, split.images), atol=1e-6)


def test_a_search_takes_turns_too(thirty_in_a_call, mnist_5k, tmp_path):
    split, checkpoint = mnist_5k.split("validation"), thirty_in_a_call
    found = [
        find_neighbours(checkpoint, split.images[3], split, 4, tmp_path / name, embed=asked)
        for name, asked in (("whole", embed), ("turns", embed_first))
    ]
    assert found[0].positions.tolist() == found[1].positions.tolist()
    assert len(embed_first(checkpoint.path, split.images)) == 30
