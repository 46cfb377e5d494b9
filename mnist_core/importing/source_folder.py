"""What a folder of models may contain, counted before anything in it is opened."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from mnist_core.errors import FileRefusedError, RunError
from mnist_core.files.safe_files import check_regular

MOST_FILES = 1_000
MOST_BYTES = 4_000_000_000


def check_source(source: Path) -> None:
    """Refuse a folder of too many files or bytes, or one that holds other than files and folders.

    Raises:
        RunError: It does.
    """
    n_files, n_bytes = 0, 0
    try:
        for path in _files(source):
            check_regular(path)
            n_files, n_bytes = n_files + 1, n_bytes + path.stat().st_size
            if n_files > MOST_FILES or n_bytes > MOST_BYTES:
                raise RunError(
                    f"Expected at most {MOST_FILES:,} files and {MOST_BYTES / 1e9:.0f} GB in "
                    f"{source.name}. Received: more. Import some of its models at a time."
                )
    except (OSError, FileRefusedError) as error:
        raise RunError(
            f"Expected a folder of files that can be read in {source.name}. Received: {error} "
            "Remove what cannot."
        ) from error


def _files(source: Path) -> Iterator[Path]:
    if not source.is_dir():
        yield source
        return
    for folder, _, names in os.walk(source):
        yield from (Path(folder) / name for name in names)
