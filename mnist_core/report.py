"""The results of all runs as a document, computed from their models and histories."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from mnist_core.datasets import Dataset
from mnist_core.evaluation import Answers, evaluate
from mnist_core.learning_curves import verdict
from mnist_core.prediction import predict_split
from mnist_core.recipes import RECIPES
from mnist_core.runs import Run
from mnist_core.wording import percent, signed

SPLITS = ("train", "validation", "test")

_HEAD = """\
# Results

Written by `mnist-lens report` from the runs in `models/`: every accuracy is that of the stored
model of the run's best epoch, computed anew.

{title}: {sizes} images.
The epoch is the one of the highest accuracy on validation; ties go to the one with the lowest loss
there. No epoch was chosen on test. Behind an accuracy stands its 95 % interval (Wilson 1927). ECE
is the expected calibration error on test (15 bins; Naeini, Cooper, Hauskrecht 2015); the scores of
linear runs are no probabilities and have none. Seconds are those of the median epoch on the machine
that trained the run, without a GPU.
"""

_BESIDE = """\
## Beside the write-ups

The recipes come from five public write-ups. They trained on all 60,000 training images, and those
that chose an epoch chose it by its accuracy on test. Here 5,000 of these images are kept back to
choose on, so a model sees 8 % fewer of them, and its test accuracy is no maximum over epochs.
Two kinds of recipe may train for longer than theirs: mlp-128-128 for 8 epochs (there 4), linear
ones for 60 (there scikit-learn's own rule ended it).
"""


@dataclass(frozen=True, eq=False)
class Result:
    """How the model of a run's best epoch does on every split.

    Attributes:
        run: The run.
        evaluations: By name of the split.
    """

    run: Run
    evaluations: dict[str, Answers]

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
    """Evaluate the best epoch of every run that was trained on these images, the best first.

    Args:
        runs: Any; see `left_out`.
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
        if left_out(run, dataset) is not None:
            continue
        on_progress(run.name)
        checkpoint = run.checkpoint(run.best_epoch or 1)
        evaluations = {
            name: evaluate(split.labels, predict_split(checkpoint, split, cache), run.output)
            for name, split in splits.items()
        }
        found.append(Result(run, evaluations))
    return sorted(found, key=lambda result: result.errors)


def left_out(run: Run, dataset: Dataset) -> str | None:
    """Why a run has no place among the results on a data set; `None` where it has one."""
    if run.state == "refused":
        return "it cannot be read"
    if any(run.fingerprints.get(name) != dataset.split(name).fingerprint for name in SPLITS):
        return "it was trained on other images, or elsewhere"
    if run.best_epoch is None or not run.has_checkpoint(run.best_epoch):
        return "the model of its best epoch was not kept"
    return None


def as_markdown(found: Sequence[Result], runs: Iterable[Run], dataset: Dataset) -> str:
    """The results as a document in Markdown, with a table, the write-ups' figures and the rules.

    Args:
        found: See `results`.
        runs: All runs; those without a result are named with the reason.
        dataset: What they were evaluated on.
    """
    sizes = ", ".join(f"{name} {len(dataset.split(name)):,}" for name in SPLITS)
    parts = [
        _HEAD.format(title=dataset.title, sizes=sizes),
        "\n".join(_table(found)) + "\n",
        *(f"Left out: {run.name}, {why}.\n" for run in runs if (why := left_out(run, dataset))),
        _BESIDE,
        "\n".join(_beside(found)) + "\n",
        *_seeds(found),
    ]
    return "\n".join(parts)


def _table(found: Sequence[Result]) -> list[str]:
    lines = [
        "| run | parameters | epoch | train % | validation % | test % | errors | ECE % | s/epoch "
        "| validation loss |",
        "| --- | --: | --: | --: | --: | --: | --: | --: | --: | --- |",
    ]
    for result in found:
        run, of = result.run, result.evaluations
        calibrated = run.output == "probabilities"
        ece = f"{100 * of['test'].calibration().expected_error:.2f}" if calibrated else "–"
        seconds = median(record.seconds for record in run.history)
        lines.append(
            f"| {run.name} | {_count(run.parameters)} | {run.best_epoch} of {len(run.history)} | "
            f"{100 * of['train'].accuracy:.2f} | {_with_interval(of['validation'])} | "
            f"{_with_interval(of['test'])} | {result.errors:,} | {ece} | {seconds:.1f} | "
            f"{str(verdict(run.history)).removeprefix('validation loss ')} |"
        )
    return lines


def _count(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"


def _with_interval(evaluation: Answers) -> str:
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
        lines.append(
            f"| {result.run.name} | {100 * test.accuracy:.2f} | {100 * result.published:.2f} | "
            f"{signed(difference)} | {verdict} |"
        )
    return lines


def _seeds(found: Sequence[Result]) -> list[str]:
    """A paragraph on every recipe that was trained with several seeds."""
    by_recipe: dict[str, list[Result]] = {}
    for result in found:
        by_recipe.setdefault(result.run.recipe, []).append(result)
    paragraphs = []
    for recipe, of in by_recipe.items():
        seeds_tried = {result.run.details.seed for result in of}
        if recipe and len(of) == len(seeds_tried) > 1:
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
    return f"Seed {result.run.details.seed}: {accuracy}, trained in {minutes:.1f} minutes"
