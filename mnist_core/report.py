"""The results of all runs as a document, computed from their models and histories."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from mnist_core.datasets import Dataset
from mnist_core.evaluation import Evaluation
from mnist_core.prediction import predict_split
from mnist_core.recipes import RECIPES
from mnist_core.runs import Run
from mnist_core.wording import percent

SPLITS = ("train", "validation", "test")

_HEAD = """\
# Results

Written by `mnist-lens report` from the runs in `models/`: every accuracy is that of the stored
model of the run's best epoch, computed anew.

{title}: {sizes} images. The epoch is the one of the highest accuracy on validation, of equals the
one with the lowest loss there; nothing was chosen on test. Behind an accuracy stands its 95 %
interval (Wilson 1927). ECE is the expected calibration error on test (15 bins; Naeini, Cooper,
Hauskrecht 2015); the scores of linear runs are no probabilities and have none. Seconds are those of
the median epoch on the machine that trained the run, without a GPU.
"""

_BESIDE = """\
## Beside the write-ups

The recipes come from five public write-ups. They trained on all 60,000 training images, and those
that chose an epoch chose it by its accuracy on test. Here 5,000 of these images are kept back to
choose on, so a model sees 8 % fewer of them, and its test accuracy is no maximum over epochs.
"""


@dataclass(frozen=True, eq=False)
class Result:
    """How the model of a run's best epoch does on every split.

    Attributes:
        run: The run.
        evaluations: By name of the split.
    """

    run: Run
    evaluations: dict[str, Evaluation]

    @property
    def published(self) -> float | None:
        """Test accuracy that the recipe's write-up gives, 0–1; `None` where it gives none."""
        recipe = RECIPES.get(self.run.recipe)
        return None if recipe is None else recipe.published

    @property
    def errors(self) -> int:
        """Test images classified wrong."""
        test = self.evaluations["test"]
        return int(np.sum(test.y_pred != test.y_true))


def results(
    runs: Iterable[Run],
    dataset: Dataset,
    cache: Path,
    *,
    on_progress: Callable[[str], None] = lambda name: None,
) -> list[Result]:
    """Evaluate the best epoch of every run that kept its model, the best on test first.

    Args:
        runs: Those that cannot be used are left out.
        dataset: Needs all three splits.
        cache: Folder of what can be computed again.
        on_progress: Called with the name of each run before it is evaluated.

    Raises:
        DatasetError: The data set lacks a split.
        CheckpointError: A model cannot be opened.
    """
    splits = {name: dataset.split(name) for name in SPLITS}
    found = []
    for run in runs:
        if run.best_epoch is None or not run.has_checkpoint(run.best_epoch):
            continue
        on_progress(run.name)
        checkpoint = run.checkpoint(run.best_epoch)
        evaluations = {
            name: Evaluation(split.labels, predict_split(checkpoint, split, cache), run.output)
            for name, split in splits.items()
        }
        found.append(Result(run, evaluations))
    return sorted(found, key=lambda result: result.errors)


def as_markdown(found: Sequence[Result], dataset: Dataset) -> str:
    """The results as a document in Markdown, with a table, the write-ups' figures and the rules."""
    sizes = ", ".join(f"{name} {len(dataset.split(name)):,}" for name in SPLITS)
    parts = [
        _HEAD.format(title=dataset.title, sizes=sizes),
        "\n".join(_table(found)) + "\n",
        _BESIDE,
        "\n".join(_beside(found)) + "\n",
        *_seeds(found),
    ]
    return "\n".join(parts)


def _table(found: Sequence[Result]) -> list[str]:
    lines = [
        "| run | parameters | epoch | train % | validation % | test % | errors | ECE % | s/epoch |",
        "| --- | --: | --: | --: | --: | --: | --: | --: | --: |",
    ]
    for result in found:
        run, of = result.run, result.evaluations
        calibrated = run.output == "probabilities"
        ece = f"{100 * of['test'].calibration().expected_error:.2f}" if calibrated else "–"
        seconds = median(record.seconds for record in run.history)
        lines.append(
            f"| {run.name} | {run.parameters or 0:,} | {run.best_epoch} of {len(run.history)} | "
            f"{100 * of['train'].accuracy:.2f} | {_with_interval(of['validation'])} | "
            f"{_with_interval(of['test'])} | {result.errors:,} | {ece} | {seconds:.1f} |"
        )
    return lines


def _with_interval(evaluation: Evaluation) -> str:
    low, high = evaluation.accuracy_interval
    return f"{100 * evaluation.accuracy:.2f} ({100 * low:.2f}–{100 * high:.2f})"


def _beside(found: Sequence[Result]) -> list[str]:
    lines = [
        "| recipe | ours, test % | write-up, test % | difference in points | |",
        "| --- | --: | --: | --: | --- |",
    ]
    for result in found:
        if result.published is None:
            continue
        test = result.evaluations["test"]
        difference = 100 * (test.accuracy - result.published)
        low, high = test.accuracy_interval
        if difference > -0.005:
            verdict = "reached"
        elif low <= result.published <= high:
            verdict = "below, but within our interval"
        else:
            verdict = "below"
        signed = f"{difference:+.2f}".replace("-", "−")
        lines.append(
            f"| {result.run.name} | {100 * test.accuracy:.2f} | {100 * result.published:.2f} | "
            f"{signed} | {verdict} |"
        )
    return lines


def _seeds(found: Sequence[Result]) -> list[str]:
    """A paragraph on every recipe that was trained with several seeds."""
    by_recipe: dict[str, list[Result]] = {}
    for result in found:
        by_recipe.setdefault(result.run.recipe, []).append(result)
    paragraphs = []
    for recipe, of in by_recipe.items():
        if recipe and len(of) > 1:
            middle = median(result.evaluations["test"].accuracy for result in of)
            seeds = "; ".join(_seed(result) for result in of)
            paragraphs.append(
                f"## {recipe} with {len(of)} seeds\n\n"
                f"Median test accuracy {percent(middle)}. {seeds}.\n"
            )
    return paragraphs


def _seed(result: Result) -> str:
    minutes = sum(record.seconds for record in result.run.history) / 60
    accuracy = percent(result.evaluations["test"].accuracy)
    return f"Seed {result.run.details['seed']}: {accuracy}, trained in {minutes:.1f} minutes"
