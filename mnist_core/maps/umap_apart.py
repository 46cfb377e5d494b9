"""UMAP in a process of its own, which may take only so much time and memory.

numba, which UMAP is compiled with, holds hundreds of megabytes, and a layout cannot be interrupted:
so neither is where pages are served, nor in a process that others wait for.
"""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from mnist_core import apart
from mnist_core.errors import ExplanationError
from mnist_core.maps.umap_layout import FEWEST_IMAGES

if TYPE_CHECKING:
    import subprocess

MOST_SECONDS = 900
MOST_DATA = 4_000_000_000
"""Bytes that it may write to; 70,000 images take 1.4 GB."""

OnProgress = Callable[[int, int], None]


def umap_apart(seen: np.ndarray, on_progress: OnProgress) -> tuple[np.ndarray, float]:
    """Lay points out as `umap_layout` does, in another process.

    Args:
        seen: `float32`, shape `(n, d)`.
        on_progress: Called at least once a second with epochs of the layout done and in all, 0
            while it is prepared. If it raises, the process is killed, and what it raised is raised
            here.

    Returns:
        The points, `float32`, shape `(n, 2)`, and their trustworthiness, 0–1.

    Raises:
        ExplanationError: There are too few images, or the process took too long or ended early.
    """
    if len(seen) < FEWEST_IMAGES:
        raise ExplanationError(
            f"Expected at least {FEWEST_IMAGES} images to lay out by UMAP. Received: {len(seen)}. "
            "Choose the layout by PCA."
        )
    with apart.running("mnist_core.maps", *map(str, seen.shape)) as process:
        return _follow(process, np.ascontiguousarray(seen, np.float32), on_progress)


def _follow(
    process: subprocess.Popen[bytes], seen: np.ndarray, on_progress: OnProgress
) -> tuple[np.ndarray, float]:
    """Hand over the points and pass on what the process says until it ends."""
    assert process.stdin is not None
    said: dict[str, Any] = {}
    steps, until = (0, 0), time.monotonic() + MOST_SECONDS
    try:
        process.stdin.write(seen.data)
        process.stdin.flush()
        for said in apart.lines(process):
            if "points" in said:
                return _as_points(said, len(seen))
            steps = said.get("progress", steps)
            on_progress(*steps)
            if time.monotonic() > until:
                raise ExplanationError(
                    f"Expected a layout by UMAP within {MOST_SECONDS // 60} minutes. Received: one "
                    "that took longer and was stopped. Choose the layout by PCA."
                )
    except BrokenPipeError:
        pass  # it has ended: said below
    raise _ended_early(apart.how_it_ended(process))


def _as_points(said: dict[str, Any], n: int) -> tuple[np.ndarray, float]:
    try:
        points = np.frombuffer(base64.b64decode(said["points"]), np.float32).reshape(n, 2)
    except (binascii.Error, ValueError) as error:
        raise _ended_early(str(error)) from error
    if not np.isfinite(points).all():
        raise _ended_early("points that are not finite")
    return points, float(said["trust"])


def _ended_early(how: str | None) -> ExplanationError:
    return ExplanationError(
        f"Expected a layout by UMAP with at most {MOST_DATA / 1e9:.0f} GB of memory. Received: its "
        f"process ended early ({how or 'without a result'}). Try again, or choose the layout by "
        "PCA."
    )
