"""The process that `import_apart` starts: an import that says how it goes in lines of JSON."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from mnist_core import quiet
from mnist_core.errors import MnistLensError
from mnist_core.importing import import_dropped
from mnist_core.inference.memory_limit import limit_address_space

SECONDS_TO_END = 5.0
"""How long it may tidy up once whoever started it is gone."""


def _main(folder: Path, new: Path) -> None:
    limit_address_space()
    os.nice(5)  # pages come first
    threading.Thread(target=_end_with_parent, daemon=True).start()
    said = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # whatever else writes there
    quiet.import_keras()

    def say(**message: Any) -> None:
        print(json.dumps(message), file=said)

    try:
        import_dropped(folder, new=new, on_progress=lambda *steps: say(progress=steps))
    except MnistLensError as error:
        say(error=str(error))


def _end_with_parent() -> None:
    """Tidy up and leave when whoever started this is gone, however that ended."""
    while os.read(0, 1):  # not sys.stdin, whose lock would end Python badly
        pass
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(SECONDS_TO_END)
    os._exit(1)


if __name__ == "__main__":
    _main(Path(sys.argv[1]), Path(sys.argv[2]))
