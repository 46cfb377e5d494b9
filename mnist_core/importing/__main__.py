"""The process that `import_apart` starts: an import that says how it goes in lines of JSON."""

from __future__ import annotations

import sys
from pathlib import Path

from mnist_core import apart, quiet
from mnist_core.errors import MnistLensError
from mnist_core.importing import import_dropped
from mnist_core.inference.memory_limit import limit_address_space


def _main(folder: Path, new: Path) -> None:
    limit_address_space()
    say = apart.begin()
    apart.end_with_parent()
    quiet.import_keras()
    try:
        import_dropped(folder, new=new, on_progress=lambda *steps: say(progress=steps))
    except MnistLensError as error:
        say(error=str(error))


if __name__ == "__main__":
    _main(Path(sys.argv[1]), Path(sys.argv[2]))
