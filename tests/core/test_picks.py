"""Many images picked by hand come back as they were chosen, or one sentence says why not."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mnist_core.errors import SetError
from mnist_core.files import cache_files
from mnist_core.files.cache_files import PICKS, prune
from mnist_core.sets import is_pick, keep_images, picks, read_images

SPLIT, OTHER = "ab" * 32, "cd" * 32


def test_the_same_images_have_the_same_name_and_come_back_in_order(tmp_path: Path) -> None:
    name = keep_images(np.array([9, 3, 3, 70_000]), SPLIT, tmp_path)
    assert is_pick(name)
    assert keep_images(np.array([3, 9, 70_000], np.uint32), SPLIT, tmp_path / "there") == name
    assert keep_images(np.array([3, 9]), SPLIT, tmp_path) != name
    assert keep_images(np.array([3, 9, 70_000]), OTHER, tmp_path) != name
    found = read_images(name, SPLIT, 70_001, tmp_path)
    assert (found.dtype, found.tolist()) == (np.int64, [3, 9, 70_000])
    assert not found.flags.writeable


def test_all_images_of_the_largest_split_take_little_room(tmp_path: Path) -> None:
    name = keep_images(np.arange(70_000), SPLIT, tmp_path)
    assert len(read_images(name, SPLIT, 70_000, tmp_path)) == 70_000
    assert PICKS.path(tmp_path, name).stat().st_size < 150_000


def test_those_used_longest_ago_go_as_soon_as_there_are_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = keep_images(np.arange(50), SPLIT, tmp_path)
    os.utime(PICKS.path(tmp_path, first), (1, 1))
    size = PICKS.path(tmp_path, first).stat().st_size
    monkeypatch.setattr(picks, "PICKS", replace(PICKS, own_bytes=2 * size))
    later = [keep_images(np.arange(i, 50), SPLIT, tmp_path) for i in (1, 2)]
    assert not PICKS.path(tmp_path, first).exists()
    assert PICKS.path(tmp_path, later[-1]).exists()


@pytest.mark.parametrize("positions", [[], [-1, 4]])
def test_a_choice_of_nothing_is_refused(positions: list[int], tmp_path: Path) -> None:
    with pytest.raises(SetError, match=r"Expected 1 to 1,000,000 images"):
        keep_images(np.array(positions, np.int64), SPLIT, tmp_path)


@pytest.mark.parametrize("name", ["images-", "images-0123456789AB", "../images-0123456789ab", ""])
def test_what_is_no_name_of_a_pick_is_no_path_either(name: str, tmp_path: Path) -> None:
    assert not is_pick(name)
    with pytest.raises(SetError, match="Expected the name of chosen images"):
        read_images(name, SPLIT, 10, tmp_path)


def test_what_is_not_there_or_of_another_split_is_said(tmp_path: Path) -> None:
    with pytest.raises(SetError, match=r"Received: no such file"):
        read_images("images-0123456789ab", SPLIT, 10, tmp_path)
    name = keep_images(np.array([3, 9]), SPLIT, tmp_path)
    for split, n in ((OTHER, 10), (SPLIT, 9)):
        with pytest.raises(SetError, match=rf"Received: {name}, 2 images of another one"):
            read_images(name, split, n, tmp_path)


def test_no_flipped_bit_is_read_as_other_images(tmp_path: Path) -> None:
    name = keep_images(np.array([3, 9]), SPLIT, tmp_path)
    path = PICKS.path(tmp_path, name)
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with suppress(SetError):
            assert read_images(name, SPLIT, 10, tmp_path).tolist() == [3, 9]


@pytest.mark.parametrize(
    "positions",
    [np.array([3, 10]), np.array([9, 3]), np.array([3, 3]), np.array([-1]), np.empty(0, np.int64)],
)
def test_other_images_under_its_name_are_found_out(positions: np.ndarray, tmp_path: Path) -> None:
    name = keep_images(np.array([3, 9]), SPLIT, tmp_path)
    split = np.frombuffer(bytes.fromhex(SPLIT), np.uint8)
    np.savez(PICKS.path(tmp_path, name), split=split, positions=positions)
    with pytest.raises(SetError, match="damaged"):
        read_images(name, SPLIT, 100, tmp_path)


def test_a_file_that_would_unpack_to_more_than_a_pick_is_not_unpacked(tmp_path: Path) -> None:
    name = keep_images(np.array([3, 9]), SPLIT, tmp_path)
    np.savez_compressed(PICKS.path(tmp_path, name), positions=np.zeros(2_000_000, np.int64))
    with pytest.raises(SetError, match="damaged"):
        read_images(name, SPLIT, 100, tmp_path)


def test_a_folder_that_cannot_be_written_to_is_named(
    open_folder: Path, ordinary_user: Callable[[], AbstractContextManager[None]]
) -> None:
    open_folder.chmod(0o555)
    with ordinary_user(), pytest.raises(SetError, match=r"MNIST_LENS_CACHE"):
        keep_images(np.array([3]), SPLIT, open_folder)


def test_picks_make_room_for_nothing_but_newer_picks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [keep_images(np.array([at]), SPLIT, tmp_path) for at in range(3)]
    for at, name in enumerate(names):
        os.utime(PICKS.path(tmp_path, name), (1_000 + at, 1_000 + at))
    prune(tmp_path, most_bytes=0)
    assert all(PICKS.path(tmp_path, name).exists() for name in names)
    two = sum(PICKS.path(tmp_path, name).stat().st_size for name in names[1:])
    small = cache_files.CacheFiles("picks", own_bytes=two)
    monkeypatch.setattr(cache_files, "KINDS", (small,))
    prune(tmp_path)
    assert [PICKS.path(tmp_path, name).exists() for name in names] == [False, True, True]
