"""Named sets come back as they were kept, whatever else lies in their folder or in an import."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_core.answers.evaluation import evaluate
from mnist_core.datasets import Split
from mnist_core.errors import MnistLensError, SetError
from mnist_core.queries import MOST_CHARACTERS, Subject, parse_query
from mnist_core.sets import (
    ImageSet,
    PickedImages,
    delete_set,
    find_set,
    keep_sets,
    kept_sets,
    read_json,
    rename_set,
    set_of_query,
    to_json,
)
from mnist_core.shapes import Shapes

NAMES = tuple("0123456789")
SPLIT, OTHER = "ab" * 32, "cd" * 32
THIN = ImageSet("thin sevens", "mnist", "true == 7 and thickness < 2")
PICKED = ImageSet("Größe, von Hand", "mnist", PickedImages("test", SPLIT, np.array([3, 8, 1901])))


def same(one: ImageSet, other: ImageSet) -> bool:
    return to_json([one]) == to_json([other])


def subject(labels: list[int], predicted: list[int]) -> Subject:
    y_true = np.array(labels, np.uint8)
    answers = evaluate(y_true, np.eye(10, dtype=np.float32)[predicted])
    return Subject(
        title="this · epoch 2",
        run="this",
        y_true=y_true,
        answers=answers,
        class_names=NAMES,
        runs=("this",),
        answers_of=lambda name, epoch: answers,
        causes=dict,
        suspects=lambda: np.empty(0, np.int64),
        histories_of=lambda name: pytest.fail("nobody asked"),
        shapes=lambda: Shapes({"thickness": np.array([1.0, 3.0, 1.5, np.nan])}),
    )


def test_what_was_kept_is_found_by_its_name_and_listed_in_order(tmp_path: Path) -> None:
    keep_sets([THIN, PICKED], tmp_path)
    assert same(find_set(" thin  sevens", "mnist", tmp_path), THIN)
    assert same(find_set("größe, VON hand", "mnist", tmp_path), PICKED)
    found = kept_sets("mnist", tmp_path)
    assert [one.name for one in found.sets] == ["Größe, von Hand", "thin sevens"]
    assert not found.refused
    assert not kept_sets("mnist-5k", tmp_path).sets
    with pytest.raises(SetError, match="Did you mean “thin sevens”"):
        find_set("thin seven", "mnist", tmp_path)
    with pytest.raises(SetError, match="There is none yet"):
        find_set("thin seven", "mnist-5k", tmp_path)


def test_a_name_that_is_taken_is_not_overwritten(tmp_path: Path) -> None:
    keep_sets([THIN], tmp_path)
    other = ImageSet("Thin Sevens", "mnist", "true == 1")
    with pytest.raises(SetError, match=r"Received: Thin Sevens\. Choose another name"):
        keep_sets([PICKED, other], tmp_path)
    assert [one.name for one in kept_sets("mnist", tmp_path).sets] == ["thin sevens"]
    keep_sets([replace(other, data="mnist-5k")], tmp_path)
    assert same(find_set("thin sevens", "mnist", tmp_path), THIN)


def test_a_set_is_renamed_and_deleted_and_can_be_kept_again(tmp_path: Path) -> None:
    keep_sets([THIN, PICKED], tmp_path)
    with pytest.raises(SetError, match="a name that no set"):
        rename_set("thin sevens", "größe, von Hand", "mnist", tmp_path)
    assert rename_set("thin sevens", "Thin sevens", "mnist", tmp_path).name == "Thin sevens"
    assert rename_set("Thin sevens", "slim", "mnist", tmp_path).images == THIN.images
    assert [one.name for one in kept_sets("mnist", tmp_path).sets] == ["Größe, von Hand", "slim"]
    gone = delete_set("slim", "mnist", tmp_path)
    assert [one.name for one in kept_sets("mnist", tmp_path).sets] == ["Größe, von Hand"]
    keep_sets([gone], tmp_path)
    assert same(find_set("slim", "mnist", tmp_path), replace(THIN, name="slim"))


@pytest.mark.parametrize(
    "name",
    ["", "  ", "../sevens", "a/b", ".hidden", "a\x00b", "a" * 51, "字" * 50 + "字", "a\u202eb"],
)
def test_a_name_that_is_no_file_name_is_refused(name: str, tmp_path: Path) -> None:
    for attempt in (
        lambda: ImageSet(name, "mnist", "wrong"),
        lambda: find_set(name, "mnist", tmp_path),
        lambda: kept_sets(name, tmp_path),
    ):
        with pytest.raises(SetError, match="Expected a set's name of 1 to 50 letters"):
            attempt()


DAMAGED = {
    "empty": b"",
    "torn": to_json([THIN])[:40],
    "zeros": bytes(1_000),
    "other": b'{"format": 1, "sets": []}',
    "two": to_json([replace(THIN, name="two"), PICKED]),
    "elsewhere": to_json([ImageSet("elsewhere", "mnist-5k", "wrong")]),
    "deep": b"[" * 100_000,
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_named_stays_as_it_is_and_harms_no_other(
    name: str, tmp_path: Path
) -> None:
    keep_sets([THIN], tmp_path)
    path = tmp_path / "sets" / "mnist" / f"{name}.json"
    path.write_bytes(DAMAGED[name])
    found = kept_sets("mnist", tmp_path)
    assert [one.name for one in found.sets] == ["thin sevens"]
    assert list(found.refused) == [path.name]
    assert "The file stays as it is" in found.refused[path.name]
    assert found.refused[path.name].count("Expected ") == 1
    with pytest.raises(SetError, match="Expected a name that no set of mnist has"):
        keep_sets([ImageSet(name, "mnist", "wrong")], tmp_path)
    with pytest.raises(SetError, match="The file stays as it is"):
        delete_set(name, "mnist", tmp_path)
    assert path.read_bytes() == DAMAGED[name]


def test_a_pipe_or_a_link_out_of_the_folder_is_not_read(tmp_path: Path) -> None:
    keep_sets([THIN], tmp_path / "home")
    folder = tmp_path / "home" / "sets" / "mnist"
    os.mkfifo(folder / "pipe.json")
    (tmp_path / "secret.json").write_bytes(to_json([replace(THIN, name="link")]))
    (folder / "link.json").symlink_to(tmp_path / "secret.json")
    found = kept_sets("mnist", tmp_path / "home")
    assert [one.name for one in found.sets] == ["thin sevens"]
    assert set(found.refused) == {"pipe.json", "link.json"}


def _keep(home: Path, at: int, outcomes: multiprocessing.Queue) -> None:
    try:
        keep_sets([ImageSet("the same", "mnist", f"index == {at}")], home)
        outcomes.put(at)
    except SetError:
        outcomes.put(None)


def test_of_many_who_keep_the_same_name_at_once_one_has_it(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    outcomes = context.Queue()
    several = [context.Process(target=_keep, args=(tmp_path, at, outcomes)) for at in range(8)]
    for process in several:
        process.start()
    kept = [outcomes.get(timeout=60) for _ in several]
    for process in several:
        process.join()
    (winner,) = [at for at in kept if at is not None]
    assert find_set("the same", "mnist", tmp_path).images == f"index == {winner}"


def test_a_folder_that_cannot_be_written_to_is_named_and_nothing_is_left(
    open_folder: Path, ordinary_user: Callable[[], AbstractContextManager[None]]
) -> None:
    open_folder.chmod(0o555)
    with (
        ordinary_user(),
        pytest.raises(SetError, match="name a writable folder in MNIST_LENS_HOME"),
    ):
        keep_sets([THIN], open_folder)


def test_sets_are_exported_and_imported(tmp_path: Path) -> None:
    long = PickedImages("test", SPLIT, np.arange(70_000), query="wrong " * 3, run="cnn")
    long = replace(long, query="wrong and not suspect")
    sets = (THIN, PICKED, ImageSet("many", "mnist-5k", long))
    content = to_json(sets)
    found = read_json(content)
    assert all(map(same, found, sets))
    assert len(content) < 1_000_000
    keep_sets(found, tmp_path)
    assert same(find_set("many", "mnist-5k", tmp_path), sets[2])


def changed(**fields: object) -> bytes:
    document = json.loads(to_json([PICKED]))
    document["sets"][0] |= fields
    document["sets"][0] = {k: v for k, v in document["sets"][0].items() if v is not KeyError}
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Expecting value"),
        (b"\xff\xfe{", "utf-8"),
        (b"[" * 100_000, "recursion"),
        (b"{}", "format should be one of 1"),
        (b'{"format": 2, "sets": []}', "format should be one of 1"),
        (b'{"format": 1, "format": 1}', "has a name twice"),
        (b'{"format": 1, "sets": {}}', "sets should be a list of 1 to 1,000"),
        (b'{"format": 1, "sets": [3]}', "a set should be an object"),
        (b" " * 16_000_001, "more than 16,000,000 bytes"),
        (to_json([THIN, replace(THIN, name="Thin Sevens")]), "“thin sevens” more than once"),
        (changed(name=3), "name should be a text"),
        (changed(name="../x"), "Expected a set's name"),
        (changed(data="x" * 101), "data should have 1 to 100 letters"),
        (changed(images=KeyError), "query should be a text"),
        (changed(images=KeyError, query="wrong and"), "a query that cannot be read"),
        (changed(images=KeyError, query="w" * 501), "a query that cannot be read"),
        (changed(images=[]), "images should be a list of 1 to 1,000,000"),
        (changed(images=[3, 2]), "ascending, each once"),
        (changed(images=[3, 3]), "ascending, each once"),
        (changed(images=[-1]), "whole numbers from 0"),
        (changed(images=[True]), "whole numbers from 0"),
        (changed(images=[1.0]), "whole numbers from 0"),
        (changed(images=[2**31]), "whole numbers from 0"),
        (changed(fingerprint="../" * 20), "fingerprint of 64 hexadecimal digits"),
        (changed(split=None), "split should be a text"),
    ],
    ids=lambda value: str(value[:40]),
)
def test_what_is_no_export_is_refused_in_a_sentence(content: bytes, told: str) -> None:
    with pytest.raises(SetError, match=r"^Expected .* Received: ") as caught:
        read_json(content)
    assert told in str(caught.value)
    assert len(str(caught.value)) < 500


def test_no_torn_or_flipped_export_is_anything_but_sets_or_a_sentence() -> None:
    whole, random = to_json([THIN, PICKED]), np.random.default_rng(0)
    for at in random.integers(0, len(whole), 300):
        for content in (whole[:at], whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :]):
            try:
                assert read_json(content)
            except MnistLensError:
                continue


def test_a_set_by_query_finds_its_images_in_any_split_and_picked_ones_in_theirs_alone() -> None:
    asked = subject([7, 7, 7, 1], [7, 1, 1, 1])
    assert THIN.find(OTHER, asked).tolist() == [0, 2]
    picked = replace(PICKED, images=PickedImages("test", SPLIT, np.array([1, 3])))
    assert picked.find(SPLIT, asked).tolist() == [1, 3]
    for wrong, one in ((OTHER, picked), (SPLIT, PICKED)):
        with pytest.raises(SetError, match="images of another one, test"):
            one.find(wrong, asked)


def test_a_query_is_kept_pinned_and_one_that_is_too_long_as_its_images() -> None:
    split = Split("test", np.zeros((4, 28, 28), np.uint8), np.zeros(4, np.uint8))
    positions = np.array([1, 2])

    def made(text: str, within: ImageSet | None = None) -> ImageSet:
        query = parse_query(text, NAMES)
        return set_of_query("a", "mnist", query, "this", 2, split, positions, within=within)

    assert made("wrong").images == 'wrong["this@2"]'
    thin_and_wrong = made("wrong or ink > 9", within=THIN).images
    assert thin_and_wrong == f'({THIN.images}) and (wrong["this@2"] or ink > 9)'
    text = " or ".join(["wrong"] * 50)
    assert len(text) < MOST_CHARACTERS
    for images, asked in (
        (made(text).images, text),
        (made(text, within=THIN).images, ""),
        (made("wrong", within=PICKED).images, ""),
    ):
        assert isinstance(images, PickedImages)
        assert images.positions.tolist() == [1, 2]
        assert (images.query, images.fingerprint) == (asked, split.fingerprint)


@pytest.mark.parametrize(
    ("images", "of_this", "of_cnn"),
    [
        ("true == 7 and thickness < 2", "", ""),
        ("index >= 5000", "", ""),
        ("wrong", "chosen by the run's answers", "chosen by the run's answers"),
        ('confidence["this@2"] < 0.5', "chosen by the run's answers", ""),
        ("cause == 'ambiguous'", "chosen by the run's answers", "chosen by the run's answers"),
        ("index in (3, 8)", "picked one by one", "picked one by one"),
        (PickedImages("test", SPLIT, np.array([3])), "picked one by one", "picked one by one"),
        (
            PickedImages("test", SPLIT, np.array([3]), "loss > 2", "this"),
            "by the run's answers",
            "",
        ),
        (PickedImages("test", SPLIT, np.array([3]), "true == 3", "this"), "", ""),
        ("true == 'seven'", "cannot be read", "cannot be read"),
    ],
)
def test_a_set_chosen_through_a_runs_own_answers_says_that_chance_says_nothing(
    images: str | PickedImages, of_this: str, of_cnn: str
) -> None:
    one = ImageSet("a", "mnist", images)
    for run, told in (("this", of_this), ("cnn", of_cnn)):
        reason = one.reason_against_test(run, NAMES)
        assert told in reason
        assert bool(told) == bool(reason)
