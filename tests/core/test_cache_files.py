"""The server keeps the cache folder within bounds, without touching what is not ours to delete."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_core.datasets import Dataset, Split
from mnist_core.explainers import EXPLAINERS, Attribution, explain_cached
from mnist_core.files.cache_files import KINDS, PREDICTIONS, CacheFiles, Expected, prune, store
from mnist_core.inference.neighbours import find_neighbours
from mnist_core.inference.prediction import predict_split
from mnist_core.runs import Checkpoint, Run

SPLIT = "5" * 64


def stored(cache: Path, folder: str, model: str, *, modified: int, read: int) -> Path:
    """A file of 1,000 bytes about a model, named by a digit, with these times in seconds."""
    path = cache / folder / f"{model * 64}-{SPLIT}.npy"
    store(path, lambda part: part.write_bytes(bytes(1_000)))
    os.utime(path, (read, modified))
    return path


def test_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    read_again = stored(tmp_path, "predictions", "a", modified=1_000, read=5_000)
    unused = stored(tmp_path, "embeddings", "b", modified=2_000, read=2_000)
    never_read = stored(tmp_path, "explanations", "c", modified=3_000, read=500)
    everything = (read_again, unused, never_read)
    prune(tmp_path, most_bytes=3_000)
    assert [path.exists() for path in everything] == [True, True, True]
    prune(tmp_path, most_bytes=2_999)
    assert [path.exists() for path in everything] == [True, False, True]
    prune(tmp_path, most_bytes=1_000)
    assert [path.exists() for path in everything] == [True, False, False]


def test_what_cannot_be_deleted_still_counts(tmp_path: Path) -> None:
    newer = stored(tmp_path, "predictions", "a", modified=9_000, read=9_000)
    folder = tmp_path / "predictions" / f"{'b' * 64}-{SPLIT}.npy"
    folder.mkdir()
    os.utime(folder, (1, 1))
    prune(tmp_path, most_bytes=folder.stat().st_size)
    assert folder.exists()
    assert not newer.exists()


def test_what_takes_minutes_or_is_not_ours_stays(tmp_path: Path) -> None:
    kept = [stored(tmp_path, "cross-validation", "a", modified=1, read=1)]
    kept.append(stored(tmp_path, "holiday", "a", modified=1, read=1))
    kept.append(tmp_path / "predictions" / "thesis.npy")
    store(kept[-1], lambda part: part.write_bytes(bytes(1_000)))
    kept.append(tmp_path / "predictions" / "loop.npy")
    kept[-1].symlink_to(kept[-1])
    prune(tmp_path, most_bytes=0)
    assert [os.path.lexists(path) for path in kept] == [True] * 4


def test_what_a_kill_left_half_written_goes(tmp_path: Path) -> None:
    part = tmp_path / "embeddings" / f".{'a' * 64}-{SPLIT}-7.0123abcd.npy"
    store(part, lambda path: path.write_bytes(bytes(1_000)))
    prune(tmp_path, most_bytes=0)
    assert not part.exists()


def test_a_folder_that_is_not_there_is_none_to_prune(tmp_path: Path) -> None:
    prune(tmp_path / "nowhere", most_bytes=0)
    assert not (tmp_path / "nowhere").exists()


@pytest.fixture
def few(mnist_5k: Dataset) -> Split:
    split = mnist_5k.split("validation")
    return replace(split, images=split.images[:20], labels=split.labels[:20])


def test_all_that_is_soon_computed_again_can_be_pruned(
    tiny_run: Run, few: Split, tmp_path: Path
) -> None:
    checkpoint, image, label = tiny_run.checkpoint(1), few.images[0], int(few.labels[0])
    y_prob = np.full((20, 10), 0.1, np.float32)
    predict_split(checkpoint, few, tmp_path, predict=lambda path, images: y_prob)
    find_neighbours(
        checkpoint, image, few, label, tmp_path, embed=lambda path, images: images[:, 0] / 255
    )
    values = np.zeros((10, 28, 28), np.float32)
    explained = Attribution(values, y_prob[0], y_prob[0], n_background=20)
    explain_cached(
        EXPLAINERS["deep-shap"],
        checkpoint,
        image,
        few.images,
        tmp_path,
        explain=lambda *_, **__: explained,
    )
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.parent.name for path in written} == {"predictions", "embeddings", "explanations"}
    prune(tmp_path, most_bytes=0)
    assert [path for path in written if path.exists()] == []


FEW = Expected(np.float32, (3, None))
WHOLE = np.arange(12, dtype=np.float32).reshape(3, 4)


@pytest.mark.parametrize(
    "wrong",
    [
        WHOLE.astype(np.float64),
        WHOLE.astype(">f4"),
        WHOLE.astype(np.uint8),
        WHOLE[:2],
        WHOLE[0],
        WHOLE[None],
        np.where(WHOLE == 5, np.nan, WHOLE),
        np.where(WHOLE == 5, np.inf, WHOLE).astype(np.float32),
        np.array([["a"] * 4] * 3),
        np.zeros((3, 4), object),
    ],
)
def test_what_is_not_as_expected_is_not_served_and_is_replaced(
    tmp_path: Path, wrong: np.ndarray
) -> None:
    path = PREDICTIONS.path(tmp_path, "key")
    path.parent.mkdir()
    np.savez(path, y_prob=wrong)
    assert PREDICTIONS.read(tmp_path, "key", expected={"y_prob": FEW}) is None
    PREDICTIONS.write(tmp_path, "key", arrays={"y_prob": WHOLE})
    served = PREDICTIONS.read(tmp_path, "key", expected={"y_prob": FEW})
    assert served is not None
    assert np.array_equal(served["y_prob"], WHOLE)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_no_flipped_bit_of_a_number_is_served(tmp_path: Path, kind: CacheFiles) -> None:
    kind.write(tmp_path, "key", arrays={"y_prob": WHOLE})
    path = kind.path(tmp_path, "key")
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        served = kind.read(tmp_path, "key", expected={"y_prob": FEW})
        assert served is None or np.array_equal(served["y_prob"], WHOLE)


def test_a_pipe_in_the_cache_is_not_waited_for(tmp_path: Path) -> None:
    path = PREDICTIONS.path(tmp_path, "key")
    path.parent.mkdir()
    os.mkfifo(path)
    assert PREDICTIONS.read(tmp_path, "key", expected={"y_prob": FEW}) is None


def test_answers_of_another_number_of_classes_are_computed_anew(
    tiny_run: Run, few: Split, tmp_path: Path
) -> None:
    checkpoint = tiny_run.checkpoint(1)
    for n_classes in (9, 10):
        y_prob = np.full((20, n_classes), 0.1, np.float32)
        found = predict_split(
            checkpoint, few, tmp_path, predict=lambda path, images, answer=y_prob: answer
        )
        assert found.shape == (20, n_classes)


def test_an_explanation_by_a_model_that_was_replaced_meanwhile_is_not_kept(
    tiny_run: Run, few: Split, tmp_path: Path
) -> None:
    path = tmp_path / "epoch-01.keras"
    path.write_bytes(b"one model")
    explained = Attribution(np.zeros((10, 28, 28)), np.zeros(10), np.zeros(10), n_background=20)

    def explain(path: Path, *_: object, **__: object) -> Attribution:
        path.write_bytes(b"two model")
        return explained

    inputs = (EXPLAINERS["deep-shap"], Checkpoint("one", 1, path), few.images[0], few.images)
    explain_cached(*inputs, tmp_path / "cache", explain=explain)
    assert not (tmp_path / "cache").exists()
