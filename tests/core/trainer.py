"""A process that imports Keras once and forks a child for each training that stdin orders.

A child gives a sign of life when it starts, after each step that it reports and whenever it opens,
renames or removes something in its models folder; so a kill can follow its progress at any pace.

An order is a line of JSON with `models`, `name` and `kill` (`null`, or the number of signs to wait
for and the seconds from then on); the answer is one with the child's exit `status`, negative for a
signal, and how many `signs` it gave.
"""

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from mnist_core import runs, training
from mnist_core.datasets import Dataset, load_dataset
from mnist_core.recipes import RECIPES

MAX_EPOCHS = 4
FILE_EVENTS = ("open", "os.rename", "os.remove")


def train_or_resume(
    dataset: Dataset, *, models: Path, name: str, give_sign: Callable[[], None]
) -> None:
    def audit(event: str, arguments: tuple[object, ...]) -> None:
        if event in FILE_EVENTS and str(arguments[0]).startswith(str(models)):
            give_sign()

    sys.addaudithook(audit)
    if runs.run_folder(models, name).exists():
        training.resume(dataset, models=models, name=name, on_progress=lambda _: give_sign())
    else:
        training.train(
            RECIPES["dense-256"],
            dataset,
            models=models,
            name=name,
            max_epochs=MAX_EPOCHS,
            on_progress=lambda _: give_sign(),
        )


def fork_training(dataset: Dataset, *, models: Path, name: str) -> tuple[int, int]:
    """Start a child; gives its process and the pipe that its signs come through."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.write(writing, b".")
            give_sign = lambda: os.write(writing, b".")  # noqa: E731
            train_or_resume(dataset, models=models, name=name, give_sign=give_sign)
            status = 0
        except BaseException:  # noqa: BLE001 (nothing may get back into the parent's loop)
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(writing)
    return child, reading


def wait_or_kill(child: int, reading: int, *, kill: tuple[int, float] | None) -> tuple[int, int]:
    """The child's status and how many signs it has given."""
    signs = 0
    while os.read(reading, 1):
        signs += 1
        if kill is not None and signs == kill[0]:
            time.sleep(kill[1])
            os.kill(child, signal.SIGKILL)
    os.close(reading)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), signs


def main() -> None:
    import keras  # noqa: F401 (the children find it imported)
    import tensorflow as tf  # noqa: F401

    dataset = load_dataset("mnist-5k")
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        child, reading = fork_training(dataset, models=Path(order["models"]), name=order["name"])
        status, signs = wait_or_kill(child, reading, kill=order["kill"])
        print(json.dumps({"status": status, "signs": signs}), flush=True)


if __name__ == "__main__":
    main()
