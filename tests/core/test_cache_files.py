"""The cache folder stays within bounds, and what cannot be kept there is passed over."""

import os
from pathlib import Path

from mnist_core.cache_files import prune, store


def stored(cache: Path, name: str, *, modified: int, read: int) -> Path:
    """A file of 1,000 bytes with these times, in seconds."""
    path = cache / name
    store(path, lambda part: part.write_bytes(bytes(1_000)))
    os.utime(path, (read, modified))
    return path


def test_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    read_again = stored(tmp_path, "predictions/a.npy", modified=1_000, read=5_000)
    unused = stored(tmp_path, "embeddings/b.npy", modified=2_000, read=2_000)
    newer = stored(tmp_path, "explanations/c.npz", modified=3_000, read=3_000)
    prune(tmp_path, most_bytes=3 * 1_000)
    assert all(path.exists() for path in (read_again, unused, newer))
    prune(tmp_path, most_bytes=3 * 1_000 - 1)
    assert [path.exists() for path in (read_again, unused, newer)] == [True, False, True]
    prune(tmp_path, most_bytes=1_000)
    assert [path.exists() for path in (read_again, unused, newer)] == [True, False, False]


def test_what_takes_minutes_or_is_not_ours_stays(tmp_path: Path) -> None:
    kept = [
        stored(tmp_path, "cross-validation/fold-1.npz", modified=1, read=1),
        stored(tmp_path, "holiday/picture.npy", modified=1, read=1),
        stored(tmp_path, "predictions/notes.txt", modified=1, read=1),
    ]
    gone = stored(tmp_path, "predictions/a.npy", modified=9_000, read=9_000)
    prune(tmp_path, most_bytes=0)
    assert all(path.exists() for path in kept)
    assert not gone.exists()


def test_a_folder_that_is_not_there_is_none_to_prune(tmp_path: Path) -> None:
    prune(tmp_path / "nowhere", most_bytes=0)
    assert not (tmp_path / "nowhere").exists()
