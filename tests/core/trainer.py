"""A process that imports Keras once and forks a child for each training that stdin orders.

An order is a line of JSON with `models`, `name` and `kill_after` (seconds from the child's start,
or null); the answer is a line with the child's exit status, negative for a signal.
"""

import json
import math
import os
import signal
import sys
import time
import traceback
from pathlib import Path

from mnist_core import runs, training
from mnist_core.datasets import Dataset, load_dataset
from mnist_core.recipes import RECIPES

MAX_EPOCHS = 4


def train_or_resume(dataset: Dataset, *, models: Path, name: str) -> None:
    if runs.run_folder(models, name).exists():
        training.resume(dataset, models=models, name=name)
    else:
        recipe = RECIPES["dense-256"]
        training.train(recipe, dataset, models=models, name=name, max_epochs=MAX_EPOCHS)


def fork_training(dataset: Dataset, *, models: Path, name: str) -> int:
    child = os.fork()
    if child == 0:
        status = 1
        try:
            train_or_resume(dataset, models=models, name=name)
            status = 0
        except BaseException:  # noqa: BLE001 (nothing may get back into the parent's loop)
            traceback.print_exc()
        finally:
            os._exit(status)
    return child


def wait_or_kill(child: int, *, seconds: float | None) -> int:
    killing_time = math.inf if seconds is None else time.monotonic() + seconds
    while time.monotonic() < killing_time:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def main() -> None:
    import keras  # noqa: F401 (the children find it imported)
    import tensorflow as tf  # noqa: F401

    dataset = load_dataset("mnist-5k")
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        child = fork_training(dataset, models=Path(order["models"]), name=order["name"])
        status = wait_or_kill(child, seconds=order["kill_after"])
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
