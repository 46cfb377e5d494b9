"""The process that `umap_apart` starts: UMAP's layout of the points it reads."""

import base64
import os
import sys

import numpy as np

from mnist_core import apart
from mnist_core.inference.memory_limit import limit_data
from mnist_core.maps.trust import trustworthiness
from mnist_core.maps.umap_apart import MOST_DATA
from mnist_core.maps.umap_layout import umap_layout


def _main(n: int, width: int) -> None:
    limit_data(MOST_DATA)
    say = apart.begin()
    seen = np.frombuffer(_read(4 * n * width), np.float32).reshape(n, width)
    apart.end_with_parent()
    points = umap_layout(seen, lambda done, total: say(progress=(done, total)))
    encoded = base64.b64encode(np.ascontiguousarray(points).tobytes()).decode()
    say(points=encoded, trust=trustworthiness(seen, points))


def _read(n_bytes: int) -> bytearray:
    received = bytearray()
    while len(received) < n_bytes:
        more = os.read(0, min(1 << 20, n_bytes - len(received)))
        if not more:
            sys.exit("whoever started this has gone")
        received += more
    return received


if __name__ == "__main__":
    _main(int(sys.argv[1]), int(sys.argv[2]))
