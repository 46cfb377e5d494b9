"""The process that `twins_apart` starts: the twins of a data set, with how far the search is."""

from __future__ import annotations

import sys

from mnist_core import apart, settings
from mnist_core.datasets import load_dataset
from mnist_core.errors import MnistLensError
from mnist_core.twins.messages import packed
from mnist_core.twins.splits import twins_of


def _main(data: str) -> None:
    say = apart.begin()
    apart.end_with_parent()
    try:
        found = twins_of(
            load_dataset(data),
            settings.cache_folder(),
            on_progress=lambda *steps: say(progress=steps),
        )
    except MnistLensError as error:
        say(error=str(error))
    else:
        say(twins=[packed(twins) for twins in found])


if __name__ == "__main__":
    _main(sys.argv[1])
