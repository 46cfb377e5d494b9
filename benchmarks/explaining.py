"""How long does Deep SHAP take for all classes of an image, beside `shap.DeepExplainer`?

Warm, against 100 and 1,000 background images, and the first time a model is explained. Beside them
stands what the linear algebra alone would take: a library's convolutions and products backwards,
for each class and background image.
"""

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
from side_by_side import say, seconds

from mnist_core import quiet, settings
from mnist_core.datasets import load_dataset
from mnist_core.explainers import EXPLAINERS, background
from mnist_core.explainers.shap_library import import_shap
from mnist_core.inference.layer_graph import Step, layer_graph
from mnist_core.inference.model_memory import forget_all
from mnist_core.inference.prediction import cached_model
from mnist_core.runs import read_run

RUNS = ("simple-conv", "cnn", "flagship")
PROMISED = 5.0
N_BACKGROUND = {100: 5, 1_000: 2}
"""Background images, and how many times each way is timed."""

DEEP_SHAP = EXPLAINERS["deep-shap"]
WEIGHTED = {"Conv2D", "Dense"}


def compare(name: str, image: np.ndarray, compared: np.ndarray) -> None:
    run = read_run(settings.ROOT / "models", name)
    model_file = run.checkpoint(run.best_epoch or 1).path
    shap, floats = import_shap(), image[np.newaxis].astype(np.float32)

    def by_shap(n: int) -> Callable[[], np.ndarray]:
        explainer = shap.DeepExplainer(cached_model(model_file), compared[:n].astype(np.float32))
        return lambda: explainer.shap_values(floats, check_additivity=False)[0]

    for n, rounds in N_BACKGROUND.items():
        theirs = by_shap(n)
        ours = lambda n=n: DEEP_SHAP.explain(model_file, image, compared[:n])  # noqa: E731
        apart = np.abs(ours().values - np.moveaxis(theirs(), -1, 0)).max()
        ways = {"ours": ours, "shap": theirs, "floor": _floor(model_file, n)}
        taken = seconds(ways, rounds=rounds)
        what = f"{name}, {n:,} background images"
        say(what, taken["ours"], "shap", taken["shap"], PROMISED)
        print(f"  floor {1000 * taken['floor']:,.1f} ms; values differ by at most {apart:.1e}.")

    def first(way: Callable[[], object]) -> Callable[[], object]:
        def open_and_explain() -> object:
            forget_all()
            cached_model(model_file)
            return way()

        return open_and_explain

    ways = {
        "opened": first(lambda: None),
        "ours": first(lambda: DEEP_SHAP.explain(model_file, image, compared[:100])),
        "shap": first(lambda: by_shap(100)()),
    }
    taken = seconds(ways, rounds=3)
    opened = taken["opened"]
    what = f"{name}, the first explanation of an opened model"
    say(what, taken["ours"] - opened, "shap", taken["shap"] - opened, PROMISED)


def _floor(model_file: Path, n: int) -> Callable[[], object]:
    """A library's products and convolutions backwards, for ten classes and n images, by fifties."""
    import tensorflow as tf

    graph = layer_graph(cached_model(model_file))
    ways = []
    for step in graph.steps:
        if step.kind in WEIGHTED:
            shape, behind = (graph.shapes[places[0]] for places in (step.inputs, step.outputs))
            rows = tf.random.normal((10 * DEEP_SHAP.block_size, *behind))
            ways.append((_backwards(step, shape), rows))
    return lambda: [way(rows) for _ in range(0, n, DEEP_SHAP.block_size) for way, rows in ways]


def _backwards(step: Step, shape: tuple[int | None, ...]) -> Callable:
    import tensorflow as tf

    @tf.function(autograph=False)
    def backwards(rows: tf.Tensor) -> tf.Tensor:
        blank = tf.zeros((rows.shape[0], *shape))
        return tf.gradients(step.apply([blank]), blank, grad_ys=[rows])[0]

    return backwards


def main() -> None:
    quiet.import_keras()
    warnings.filterwarnings("ignore")  # what shap warns of
    dataset = load_dataset("mnist-5k")
    compared = background(dataset.split("train"), n=1_000)
    for name in RUNS:
        compare(name, dataset.split("validation").images[555], compared)


if __name__ == "__main__":
    main()
