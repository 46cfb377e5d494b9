"""Picks: many images of a split, kept in the cache folder under a name made of their hash."""

import hashlib
import os
import re
from pathlib import Path

import numpy as np

from mnist_core.arrays import read_only
from mnist_core.errors import SetError
from mnist_core.files import atomic
from mnist_core.files.cache_files import PICKS, Expected

MOST_IMAGES = 1_000_000
"""In one pick."""

_NAME = re.compile(r"images-[0-9a-f]{12}")
_CONTENT = {"split": Expected(np.uint8, (32,)), "positions": Expected(np.int64, (None,))}


def is_pick(text: str) -> bool:
    """Whether a text has the form of a pick's name; there need be no such pick."""
    return bool(_NAME.fullmatch(text))


def name_of_images(positions: np.ndarray, split_fingerprint: str) -> str:
    """The name under which `keep_images` would keep a choice; nothing is written."""
    split = np.frombuffer(bytes.fromhex(split_fingerprint), np.uint8)
    return _name(np.unique(np.asarray(positions, np.int64)), split)


def keep_images(positions: np.ndarray, split_fingerprint: str, cache_folder: Path) -> str:
    """Keep a choice of images, and name it: `images-` and 12 hexadecimal digits.

    The same images of the same split have the same name, whenever and wherever they are kept.

    Args:
        positions: Of the images in their split, in any order. Integers, shape `(k,)`, k ≥ 1.
        split_fingerprint: Of the split, 64 hexadecimal digits.
        cache_folder: Folder of what is kept for a while; from 64 MB of picks on, those that were
            used longest ago are deleted.

    Raises:
        SetError: There are none or too many, or they cannot be written down.
    """
    chosen = np.unique(np.asarray(positions, np.int64))
    if not 0 < len(chosen) <= MOST_IMAGES or chosen[0] < 0:
        raise SetError(
            f"Expected 1 to {MOST_IMAGES:,} images, by their position from 0. Received: "
            f"{len(chosen):,}{f' from {chosen[0]:,}' if len(chosen) else ''}. Choose others."
        )
    split = np.frombuffer(bytes.fromhex(split_fingerprint), np.uint8)
    name = _name(chosen, split)
    path = PICKS.path(cache_folder, name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with atomic.replacing(path) as part:
            np.savez_compressed(part, allow_pickle=False, split=split, positions=chosen)
        PICKS.prune(cache_folder)
    except OSError as error:
        raise SetError(
            f"Expected to write the chosen images to {path.parent}. Received: {error.strerror}. "
            "Free the disk, or name a writable folder in MNIST_LENS_CACHE."
        ) from error
    return name


def read_images(name: str, split_fingerprint: str, n_images: int, cache_folder: Path) -> np.ndarray:
    """Positions of the images of a pick, ascending; read-only. `int64`, shape `(k,)`, k ≥ 1.

    Args:
        name: As `keep_images` gave it.
        split_fingerprint: Of the split that they are looked for in.
        n_images: Number of images of that split.
        cache_folder: See `keep_images`.

    Raises:
        SetError: It is not there, damaged, or of another split.
    """
    if not is_pick(name):
        raise SetError(
            "Expected the name of chosen images: images- and 12 hexadecimal digits. Received: "
            f"“{name[:60]}”. Choose the images again."
        )
    stored = PICKS.read(cache_folder, name, expected=_CONTENT)
    if stored is None:
        is_there = os.path.lexists(PICKS.path(cache_folder, name))
        raise SetError(
            f"Expected the images of {name} in {PICKS.path(cache_folder, name).parent}. Received: "
            f"{'a damaged file' if is_there else 'no such file; it may be long unused'}. Choose "
            "the images again."
        )
    positions, split = stored["positions"], stored["split"]
    if not _is_choice(positions) or _name(positions, split) != name:
        raise SetError(
            f"Expected the images of {name} in its file. Received: a damaged file. Choose the "
            "images again."
        )
    if split.tobytes().hex() != split_fingerprint or positions[-1] >= n_images:
        raise SetError(
            f"Expected images of the split on show. Received: {name}, {len(positions):,} images "
            "of another one. Choose the split they belong to, or other images."
        )
    return read_only(positions)


def _is_choice(positions: np.ndarray) -> bool:
    is_rising = bool((np.diff(positions) > 0).all())
    return 0 < len(positions) <= MOST_IMAGES and positions[0] >= 0 and is_rising


def _name(positions: np.ndarray, split: np.ndarray) -> str:
    digest = hashlib.sha256(split.tobytes())
    digest.update(np.ascontiguousarray(positions, "<i8").data)
    return f"images-{digest.hexdigest()[:12]}"
