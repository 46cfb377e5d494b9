"""How long do 10,000 images take, and one, beside `model.predict` at its defaults?

What `model.predict` adds to a model's arithmetic is the same for all models, so the ratio is the
smaller the more there is to compute: a dense network, a small convolutional one and a larger one,
for which nothing is promised.
"""

import numpy as np
from side_by_side import say, seconds

from mnist_core import quiet, settings
from mnist_core.datasets import load_dataset
from mnist_core.inference.prediction import cached_model, predict
from mnist_core.runs import read_run

RUNS = {"dense-256": (5.0, 50.0), "simple-conv": (5.0, 50.0), "cnn": (None, None)}
"""What is promised of 10,000 images and of one, by run."""

N_IMAGES = 10_000
IN_A_ROW = 20
"""Calls with one image each, so that none is measured in the wake of the other way."""


def compare(name: str, images: np.ndarray, promised: tuple[float | None, float | None]) -> None:
    run = read_run(settings.ROOT / "models", name)
    model_file = run.checkpoint(run.best_epoch or 1).path
    model, floats = cached_model(model_file), images.astype(np.float32)
    apart = np.abs(predict(model_file, images) - model.predict(floats, verbose=0)).max()
    print(f"{name}: probabilities of ours and of model.predict differ by at most {apart:.1e}.")

    ways = {
        "ours": lambda: predict(model_file, images),
        "theirs": lambda: model.predict(floats, verbose=0),
    }
    found = seconds(ways, rounds=5)
    say("10,000 images", found["ours"], "model.predict", found["theirs"], promised[0])
    ways = {
        "ours": lambda: [predict(model_file, images[:1]) for _ in range(IN_A_ROW)],
        "theirs": lambda: [model.predict(floats[:1], verbose=0) for _ in range(IN_A_ROW)],
    }
    found = {name: taken / IN_A_ROW for name, taken in seconds(ways, rounds=5).items()}
    say("One image", found["ours"], "model.predict", found["theirs"], promised[1])


def main() -> None:
    quiet.import_keras()
    dataset = load_dataset("mnist")
    split = dataset.split("test" if "test" in dataset.splits else "validation")
    images = np.resize(split.images, (N_IMAGES, 28, 28))
    for name, promised in RUNS.items():
        compare(name, images, promised)


if __name__ == "__main__":
    main()
