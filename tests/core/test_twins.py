"""Twins against brute force and planted copies, and searches that are stopped and killed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mnist_core.commands.main import main
from mnist_core.datasets import Dataset, Split, added
from mnist_core.errors import DatasetError
from mnist_core.twins import MOST_APART, find_twins, split_pairs, twins_apart, twins_of
from mnist_core.twins.messages import packed, unpacked

SHIFTS = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]


def moved(image: np.ndarray, down: int, right: int) -> np.ndarray:
    """The image moved over paper; what leaves it is lost."""
    wide = np.pad(image, 1)
    return wide[1 - down : 29 - down, 1 - right : 29 - right]


def noisy(image: np.ndarray, levels: float, random: np.random.Generator) -> np.ndarray:
    return np.rint(image + random.normal(0, levels, image.shape)).clip(0, 255).astype(np.uint8)


def apart_by_hand(image: np.ndarray, others: np.ndarray) -> np.ndarray:
    """From each of the others, over the pixels that both have; infinite where they are no twins."""
    least = np.full(len(others), np.inf)
    for down, right in SHIFTS:
        there = np.full((len(others), 30, 30), np.nan)
        there[:, 1 + down : 29 + down, 1 + right : 29 + right] = others
        there = there[:, 1:29, 1:29]
        here = np.where(np.isnan(there), np.nan, image)
        apart = np.sqrt(np.nanmean((here - there) ** 2, axis=(1, 2)))
        contrast = np.sqrt((np.nanvar(here, (1, 2)) + np.nanvar(there, (1, 2))) / 2)
        are_twins = (apart <= 8) & (apart <= 0.35 * contrast)
        least = np.where(are_twins, np.minimum(least, apart), least)
    return least


@pytest.fixture(scope="module")
def planted(mnist_5k: Dataset) -> tuple[Split, Split]:
    """120 digits, and 60 of which 40 are copies of these, moved and noisy; 9 in another class."""
    random = np.random.default_rng(0)
    train = mnist_5k.split("train")
    chosen = random.permutation(len(train))
    images, labels = train.images[chosen[:120]], train.labels[chosen[:120]]
    copies = np.stack(
        [noisy(moved(images[i], *SHIFTS[i % 9]), i % 4 * 4, random) for i in range(40)]
    )
    copied = labels[:40].copy()
    copied[:9] = (copied[:9] + 1) % 10
    others = np.concatenate([copies, train.images[chosen[120:140]]])
    return (
        Split("test", others, np.concatenate([copied, train.labels[chosen[120:140]]])),
        Split("train", images, labels),
    )


def test_every_pair_is_found_that_brute_force_finds_and_no_other(planted):
    test, train = planted
    expected = np.stack([apart_by_hand(image, train.images) for image in test.images])
    found = find_twins(test, train)
    has_twin = np.isfinite(expected).any(axis=1)
    assert 25 < has_twin.sum() < 40
    assert sorted(found.positions) == np.flatnonzero(has_twin).tolist()
    assert found.n_twins == has_twin.sum()
    assert np.allclose(found.apart, expected[found.positions, found.others])
    assert np.allclose(found.apart, expected[found.positions].min(axis=1))
    assert found.n_unlike == has_twin[:9].sum()
    assert (found.labels != found.other_labels)[: found.n_unlike].all()
    same = (test.images[:, None] == train.images).all(axis=(2, 3)).any(axis=1)
    assert 1 <= found.n_same == same.sum()
    assert np.array_equal(found.images, test.images[found.positions])
    assert np.array_equal(found.other_labels, train.labels[found.others])


def test_a_shift_is_said_as_it_was_made_and_leaves_no_distance(mnist_5k):
    train = mnist_5k.split("train")
    images = np.stack([moved(train.images[i], *shift) for i, shift in enumerate(SHIFTS)])
    found = find_twins(Split("test", images, train.labels[:9]), train)
    order = np.argsort(found.positions)
    assert found.positions[order].tolist() == list(range(9))
    assert list(map(tuple, found.shifts[order])) == SHIFTS
    assert not found.apart.any()
    assert found.n_same == 1


@pytest.mark.parametrize("levels", [0, 4, 7])
def test_copies_with_light_noise_are_found_wherever_they_moved(mnist_5k, levels: int):
    random = np.random.default_rng(levels)
    train = mnist_5k.split("train")
    chosen = random.choice(len(train), 180, replace=False)
    copies = [noisy(moved(train.images[i], *SHIFTS[i % 9]), levels, random) for i in chosen]
    found = find_twins(Split("test", np.stack(copies), train.labels[chosen]), train)
    assert found.n_twins == 180
    hit = found.others[np.argsort(found.positions)] == chosen
    assert hit.all()


def test_digits_of_two_splits_have_no_twins(mnist_5k):
    validation, train = mnist_5k.split("validation"), mnist_5k.split("train")
    assert find_twins(validation, train).n_twins == 0


def test_faint_pictures_are_no_twins_for_being_faint():
    random = np.random.default_rng(0)
    faint = random.integers(100, 110, (6, 28, 28)).astype(np.uint8)
    labels = np.zeros(3, np.uint8)
    assert (
        find_twins(Split("test", faint[:3], labels), Split("train", faint[3:], labels)).n_twins == 0
    )


def test_a_twin_of_another_class_comes_before_nearer_ones(mnist_5k):
    image = mnist_5k.split("train").images[0]
    near = noisy(image, 3, np.random.default_rng(1))
    train = Split(
        "train", np.stack([near, moved(near, 0, 1), image]), np.array([4, 9, 4], np.uint8)
    )
    found = find_twins(Split("test", near[None], np.array([4], np.uint8)), train)
    assert found.others.tolist() == [0]  # the same image: nothing else is looked for
    found = find_twins(Split("test", moved(image, 1, 0)[None], np.array([4], np.uint8)), train)
    assert found.others.tolist() == [1]
    assert found.n_unlike == 1


def test_hundreds_of_images_that_are_nearly_the_same_do_not_take_for_ever(mnist_5k):
    random = np.random.default_rng(2)
    image = mnist_5k.split("train").images[0]
    many = np.stack([noisy(image, 2, random) for _ in range(600)])
    labels = np.zeros(300, np.uint8)
    assert (
        find_twins(Split("test", many[:300], labels), Split("train", many[300:], labels)).n_twins
        == 300
    )


def test_splits_are_held_against_what_was_learned_from():
    assert split_pairs(["train", "test"]) == (("test", "train"),)
    assert split_pairs(["test"]) == ()
    assert len(split_pairs(["train", "validation", "test"])) == 3


def test_what_was_found_is_kept_until_the_file_is_damaged(planted, tmp_path: Path):
    test, train = planted
    dataset = Dataset("planted", "Planted", {"train": train, "test": test}, source="this test")
    steps: list[tuple[int, int]] = []
    (first,) = twins_of(dataset, tmp_path, on_progress=lambda *step: steps.append(step))
    assert steps
    steps.clear()
    (second,) = twins_of(dataset, tmp_path, on_progress=lambda *step: steps.append(step))
    assert steps == []
    assert packed(first) == packed(second) == packed(unpacked(packed(first)))
    (file,) = tmp_path.rglob("*.npz")
    with np.load(file) as stored:
        torn = {**stored, "others": stored["others"] + len(train)}
    np.savez(file, **torn)
    (third,) = twins_of(dataset, tmp_path, on_progress=lambda *step: steps.append(step))
    assert steps
    assert packed(third) == packed(first)


def test_a_search_apart_finds_the_same_and_can_be_stopped(
    mnist_5k,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    started: list[subprocess.Popen[bytes]],
):
    monkeypatch.setenv("MNIST_LENS_CACHE", str(tmp_path))

    def stop(done: int, total: int) -> None:
        if total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        twins_apart("mnist-5k", stop)
    assert started[0].returncode == -9
    (found,) = twins_apart("mnist-5k", lambda done, total: None)
    assert (found.split, found.other, found.n) == ("validation", "train", 1000)
    with pytest.raises(
        DatasetError, match=r"Received: 'nothing of that name'\. Check the spelling"
    ):
        twins_apart("nothing of that name", lambda done, total: None)


def test_a_search_that_is_killed_ends_in_one_sentence(mnist_5k, started):
    def kill(done: int, total: int) -> None:
        started[0].kill()

    with pytest.raises(DatasetError, match=r"ended early \(SIGKILL\)"):
        twins_apart("mnist-5k", kill)


def test_the_rule_is_the_one_that_the_documents_state():
    text = (Path(__file__).resolve().parents[2] / "docs" / "architecture.md").read_text()
    assert f"at most {MOST_APART:g} grey levels" in " ".join(text.split())


def test_the_command_says_what_was_found(planted, tmp_path: Path, monkeypatch, capsys):
    test, train = planted
    monkeypatch.setenv("MNIST_LENS_HOME", str(tmp_path))
    monkeypatch.setenv("MNIST_LENS_CACHE", str(tmp_path))

    def call(*options: str) -> None:
        monkeypatch.setattr(sys, "argv", ["mnist-lens", "data", "twins", "planted", *options])
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code

    added.write(Dataset("planted", "Planted", {"train": train, "test": test}, source="this test"))
    found = find_twins(test, train)
    call("--json")
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["n"], told["n_twins"], told["n_same"]) == (60, found.n_twins, found.n_same)
    assert [pair["image"] for pair in told["pairs"]] == found.positions.tolist()
    assert [pair["other_label"] for pair in told["pairs"]] == found.other_labels.tolist()
    call()
    first, *pairs = capsys.readouterr().out.strip().splitlines()
    assert first.startswith(f"test in train: {found.n_twins} of 60 images have a twin, ")
    assert len(pairs) == found.n_twins
