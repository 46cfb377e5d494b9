"""Predictions are Keras's own, in order, and computed once per checkpoint and split."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from mnist_core.datasets import Split
from mnist_core.inference import prediction
from mnist_core.inference.prediction import cached_model, in_turns, predict, predict_split
from mnist_core.runs import Checkpoint


@pytest.fixture(scope="module")
def checkpoint(tiny_run) -> Checkpoint:
    return tiny_run.checkpoint(tiny_run.best_epoch)


@pytest.fixture(scope="module")
def validation(mnist_5k) -> Split:
    return mnist_5k.split("validation")


@pytest.fixture(scope="module")
def by_keras(checkpoint, validation) -> np.ndarray:
    import keras

    return keras.saving.load_model(checkpoint.path).predict(validation.images, verbose=0)


class CountedPredict:
    """Predicts nothing but notes what it was asked."""

    def __init__(self) -> None:
        self.blocks: list[int] = []

    def __call__(self, model_file: Path, images: np.ndarray) -> np.ndarray:
        self.blocks.append(len(images))
        return images.reshape(len(images), -1)[:, :10].astype(np.float32)


@pytest.fixture
def counted() -> CountedPredict:
    return CountedPredict()


def test_predictions_are_those_of_keras(checkpoint, validation, by_keras):
    y_prob = predict(checkpoint.path, validation.images)
    assert y_prob.dtype == np.float32
    np.testing.assert_allclose(y_prob, by_keras, atol=1e-5)


def test_order_is_kept_across_the_borders_of_batches_and_blocks(
    checkpoint, validation, by_keras, monkeypatch, tmp_path
):
    monkeypatch.setattr(prediction, "BATCH_SIZE", 130)
    monkeypatch.setattr(prediction, "BLOCK_SIZE", 300)
    y_prob = predict_split(checkpoint, validation, tmp_path)
    np.testing.assert_allclose(y_prob, by_keras, atol=1e-5)
    assert (np.argmax(y_prob, axis=1) == validation.labels).mean() > 0.8


def test_no_images_give_no_rows(checkpoint, validation):
    assert predict(checkpoint.path, validation.images[:0]).shape == (0, 10)


def test_a_split_is_predicted_once_per_checkpoint(
    checkpoint, validation, counted, monkeypatch, tmp_path
):
    monkeypatch.setattr(prediction, "BLOCK_SIZE", 400)
    first = predict_split(checkpoint, validation, tmp_path, predict=counted)
    assert counted.blocks == [400, 400, 200]
    second = predict_split(checkpoint, validation, tmp_path, predict=counted)
    assert counted.blocks == [400, 400, 200]
    assert np.array_equal(first, second)


def test_another_checkpoint_or_split_is_predicted_anew(
    tiny_run, validation, counted, monkeypatch, tmp_path
):
    other = Split("validation", validation.images[::-1], validation.labels[::-1])
    for epoch, split in [(1, validation), (2, validation), (1, other), (1, validation)]:
        predict_split(tiny_run.checkpoint(epoch), split, tmp_path, predict=counted)
    assert len(counted.blocks) == 3


def test_predictions_can_be_shared_because_nobody_can_change_them(
    checkpoint, validation, counted, tmp_path
):
    for _ in ("computed", "stored"):
        y_prob = predict_split(checkpoint, validation, tmp_path, predict=counted)
        with pytest.raises(ValueError, match="read-only"):
            y_prob[0, 0] = 1


def npy_of(array: np.ndarray, folder: Path) -> bytes:
    np.save(folder / "array.npy", array)
    return (folder / "array.npy").read_bytes()


@pytest.mark.parametrize(
    "damage",
    [
        lambda content, folder: b"",
        lambda content, folder: content[:-1],
        lambda content, folder: content[:20],
        lambda content, folder: b"PK\x03\x04" + content,
        lambda content, folder: content.replace(b"{'descr'", b"(('descr'"),
        lambda content, folder: npy_of(np.zeros((999, 10), np.float32), folder),
        lambda content, folder: npy_of(np.zeros(1_000, np.float32), folder),
    ],
)
def test_a_damaged_cache_file_is_computed_anew_and_mended(
    checkpoint, validation, counted, tmp_path, damage
):
    cache = tmp_path / "cache"
    first = predict_split(checkpoint, validation, cache, predict=counted)
    (stored,) = (cache / "predictions").iterdir()
    whole = stored.read_bytes()
    stored.write_bytes(damage(whole, tmp_path))
    assert np.array_equal(predict_split(checkpoint, validation, cache, predict=counted), first)
    assert len(counted.blocks) == 2
    assert stored.read_bytes() == whole


def test_a_cache_folder_that_cannot_be_written_only_costs_time(
    checkpoint, validation, counted, tmp_path
):
    (tmp_path / "cache").write_text("a file in its place")
    for _ in range(2):
        y_prob = predict_split(checkpoint, validation, tmp_path / "cache", predict=counted)
        assert y_prob.shape == (1_000, 10)
    assert len(counted.blocks) == 2


def test_a_model_file_that_was_replaced_is_opened_anew(tiny_run, validation, tmp_path):
    model_file = tmp_path / "epoch.keras"
    answers = []
    for epoch in (1, 2):
        shutil.copyfile(tiny_run.checkpoint(epoch).path, tmp_path / "new")
        (tmp_path / "new").replace(model_file)
        answers.append(predict(model_file, validation.images[:50]))
    assert not np.array_equal(*answers)


def test_the_image_after_a_whole_batch_is_predicted_too(checkpoint, validation, by_keras):
    images = np.concatenate([validation.images, validation.images[:1]])
    y_prob = predict(checkpoint.path, images)
    assert y_prob.shape == (1_001, 10)
    np.testing.assert_allclose(y_prob[-1], by_keras[0], atol=1e-5)


def test_what_was_asked_of_a_file_that_was_replaced_meanwhile_is_not_kept(
    tiny_run, validation, counted, tmp_path
):
    folder = shutil.copytree(tiny_run.folder, tmp_path / "models" / "one")
    one = Checkpoint("one", 1, folder / "epoch-01.keras")

    def replace_meanwhile(model_file: Path, images: np.ndarray) -> np.ndarray:
        (folder / "epoch-02.keras").replace(model_file)
        return np.full((len(images), 10), 0.1, np.float32)

    predict_split(one, validation, tmp_path / "cache", predict=replace_meanwhile)
    again = Checkpoint("one", 1, folder / "epoch-01.keras")
    predict_split(again, validation, tmp_path / "cache", predict=counted)
    assert counted.blocks, "the new file is asked itself"
    first = Checkpoint("one", 1, tiny_run.checkpoint(1).path)
    predict_split(first, validation, tmp_path / "cache", predict=counted)
    assert len(counted.blocks) == 2, "nothing was kept under the old file's name"


def test_a_model_of_the_same_time_and_size_is_opened_anew(tiny_run, validation, tmp_path):
    contents = [tiny_run.checkpoint(epoch).path.read_bytes() for epoch in (1, 2)]
    size = max(map(len, contents)) + 100
    model_file = tmp_path / "epoch.keras"
    answers = []
    for content in contents:
        # A zip file may end in a comment, here one that makes both files equally long.
        n_more = size - len(content)
        padded = content[:-2] + n_more.to_bytes(2, "little") + bytes(n_more)
        assert len(padded) == size
        model_file.write_bytes(padded)
        os.utime(model_file, (1, 1))
        answers.append(predict(model_file, validation.images[:50]))
    assert not np.array_equal(*answers)


def test_the_same_content_is_one_model_wherever_it_lies(tiny_run, tmp_path):
    checkpoint = tiny_run.checkpoint(1)
    shutil.copyfile(checkpoint.path, tmp_path / "copy.keras")
    assert cached_model(tmp_path / "copy.keras") is cached_model(checkpoint.path)


def test_a_file_that_is_replaced_while_it_is_opened_is_not_taken_for_the_one_before(
    tiny_run, tmp_path, monkeypatch
):
    model_file, opened = tmp_path / "epoch.keras", prediction.load_model

    def put(epoch: int) -> None:
        shutil.copyfile(tiny_run.checkpoint(epoch).path, tmp_path / "new")
        (tmp_path / "new").replace(model_file)

    def replace_first(path: Path):
        put(2)
        monkeypatch.setattr(prediction, "load_model", opened)
        return opened(path)

    put(1)
    prediction._loaded.cache_clear()
    monkeypatch.setattr(prediction, "load_model", replace_first)
    second = cached_model(model_file)
    put(1)
    first = cached_model(model_file)
    for model, epoch in ((first, 1), (second, 2)):
        expected = opened(tiny_run.checkpoint(epoch).path)
        assert np.array_equal(model.get_weights()[-1], expected.get_weights()[-1])
    assert not np.array_equal(first.get_weights()[-1], second.get_weights()[-1])


@pytest.mark.parametrize("n", [0, 1, 5, 6, 7])
def test_every_image_has_its_turn_once_however_few_are_answered_for_at_a_time(n):
    images, asked = np.arange(n), []

    def answer(some: np.ndarray) -> np.ndarray:
        asked.append(len(some))
        return some[:3]

    answered = [*in_turns(answer, images, at_most=5)]
    assert np.array_equal(np.concatenate([images[:0], *answered]), images)
    assert asked[:1] == ([min(n, 5)] if n else [])
    assert all(size <= 3 for size in asked[1:])
