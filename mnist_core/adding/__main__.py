"""The process that `add_apart` starts: it adds a data set and says how it goes in lines of JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from mnist_core import apart
from mnist_core.adding.add import add
from mnist_core.adding.add_apart import MOST_DATA
from mnist_core.errors import MnistLensError
from mnist_core.inference.memory_limit import limit_data


def _main(asked: str) -> None:
    limit_data(MOST_DATA)
    say = apart.begin()
    apart.end_with_parent()
    name, source, pixels, class_names, title = json.loads(asked)
    try:
        added = add(
            name,
            Path(source),
            pixels=pixels,
            class_names=class_names,
            title=title,
            report=lambda *steps: say(progress=steps),
        )
    except MnistLensError as error:
        say(error=str(error))
    else:
        say(left_out=added.left_out)


if __name__ == "__main__":
    _main(sys.argv[1])
