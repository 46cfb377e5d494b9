"""The results of all runs as a document, computed from their models and histories."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from mnist_core.answers.calibrated import calibrated_errors
from mnist_core.answers.evaluation import Answers, evaluate
from mnist_core.datasets import Dataset
from mnist_core.formatting import hundredths, interval, percent, signed
from mnist_core.inference.prediction import predict_split
from mnist_core.recipes import RECIPES
from mnist_core.runs import Run
from mnist_core.runs.learning_curves import verdict
from mnist_core.runs.seeds import Spread, differ_by_seed_at_most, seeds_of, spread

SPLITS = ("train", "validation", "test")

_HEAD = """\
# Results

Written by `mnist-lens report` from the runs in `models/`: every accuracy is that of the stored
model of the run's best epoch, recomputed.

{title}: {sizes} images.
The epoch is the one of the highest accuracy on validation; ties go to the one with the lowest loss
there. No epoch was chosen on test. Behind an accuracy on test stands its 95 % interval (Wilson
1927); those on validation are maxima over the epochs, chosen on this split, and have none. ECE is
the expected calibration error on test (15 bins; Naeini, Cooper, Hauskrecht 2015); beside it stands
what a perfectly calibrated model of the same confidences shows, the median and what 95 % of draws
stay below. The scores of linear runs are not probabilities and have neither. Validation loss rises
where a trend test says so (see the glossary). Seconds are those of the median epoch on the machine
that trained the run, without a GPU.
"""

_BESIDE = """\
## Beside the write-ups

The recipes come from five public write-ups. They trained on all 60,000 training images, and those
that chose an epoch chose it by its accuracy on test. Here 5,000 of these images are kept back to
choose on, so a model sees 8 % fewer of them, and its test accuracy is no maximum over epochs.
Two kinds of recipe may train for longer than theirs: mlp-128-128 for 8 epochs (there 4), linear
ones for 60 (there scikit-learn's own rule ended it).

How far two seeds of a recipe lie apart is known only of a recipe trained with several; beside its
write-up a difference no larger than that is within a seed's spread. Of a recipe trained with one
seed it is not known, and its write-up's figure is held against the 95 % interval of ours.
"""


_ALSO = """\
## {title}

{title}: {sizes} images, from {source}.{preparation}
These runs learned on it. They are not bundled, nor are the images; who has
these makes them again:

```
mnist-lens data add {name} FOLDER
{commands}
```
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


def as_markdown(
    found: Sequence[Result],
    runs: Iterable[Run],
    dataset: Dataset,
    *,
    also: Sequence[tuple[Dataset, Sequence[Result]]] = (),
) -> str:
    """The results as a document in Markdown, with a table, the write-ups' figures and the rules.

    Args:
        found: See `results`.
        runs: All runs; those without a result are named with the reason.
        dataset: What they were evaluated on.
        also: Other data sets with the results of the runs that learned on them.
    """
    elsewhere = {result.run.name for _, others in also for result in others}
    parts = [
        _HEAD.format(title=dataset.title, sizes=_sizes(dataset)),
        "\n".join(_table(found)) + "\n",
        *(
            f"Left out: {run.name}, {why}.\n"
            for run in runs
            if run.name not in elsewhere and (why := left_out(run, dataset))
        ),
        _BESIDE,
        "\n".join(_beside(found)) + "\n",
        *_seeds(found),
        *(part for other, others in also for part in _also(other, others)),
    ]
    return "\n".join(parts)


def _sizes(dataset: Dataset) -> str:
    return ", ".join(f"{name} {len(dataset.split(name)):,}" for name in SPLITS)


def _also(dataset: Dataset, found: Sequence[Result]) -> list[str]:
    """The section of another data set."""
    commands = "\n".join(
        f"mnist-lens train {result.run.recipe} --name {result.run.name} --data {dataset.name}"
        f" --seed {result.run.details.seed}"
        for result in found
    )
    head = _ALSO.format(
        title=dataset.title,
        sizes=_sizes(dataset),
        source=dataset.source,
        preparation=f" {dataset.preparation}" if dataset.preparation else "",
        name=dataset.name,
        commands=commands,
    )
    return [head, "\n".join(_table(found)) + "\n"]


def _table(found: Sequence[Result]) -> list[str]:
    lines = [
        "| run | parameters | epoch | train % | validation % | test % | errors | ECE % "
        "| calibrated % | s/epoch | validation loss |",
        "| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --- |",
    ]
    for result in found:
        run, of = result.run, result.evaluations
        shares = (of["train"].accuracy, of["validation"].accuracy)
        train, validation = (hundredths(share, 2) for share in shares)
        seconds = median(record.seconds for record in run.history)
        lines.append(
            f"| {run.name} | {_count(run.parameters)} | {run.best_epoch} of {len(run.history)} | "
            f"{train} | {validation} | {_with_interval(of['test'])} | {result.errors:,} | "
            f"{_calibration(of['test'])} | {seconds:.1f} | "
            f"{str(verdict(run.history)).removeprefix('validation loss ')} |"
        )
    return lines


def _count(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"


def _with_interval(evaluation: Answers) -> str:
    ends = interval(evaluation.accuracy_interval, 2)
    return f"{hundredths(evaluation.accuracy, 2)} {ends}"


def _calibration(answers: Answers) -> str:
    """The error, and what a perfectly calibrated model would show: two cells."""
    if answers.output == "scores":
        return "– | –"
    errors = calibrated_errors(answers.confidence)
    found, middle, most = (
        hundredths(float(share), 2)
        for share in (answers.calibration().expected_error, *np.quantile(errors, (0.5, 0.95)))
    )
    return f"{found} | {middle}, {most}"


def _beside(found: Sequence[Result]) -> list[str]:
    lines = [
        "| recipe | ours, test % | write-up, test % | difference in points | |",
        "| --- | --: | --: | --: | --- |",
    ]
    groups = _seed_groups(found)
    for result in found:
        if result.published is None:
            continue
        test = result.evaluations["test"]
        difference = 100 * (test.accuracy - result.published)
        seeds = next(
            (group for group in groups if differ_by_seed_at_most(result.run, group[0].run)),
            [result],
        )
        lines.append(
            f"| {result.run.name} | {hundredths(test.accuracy, 2)} | "
            f"{hundredths(result.published, 2)} | {signed(difference)} | "
            f"{_beside_published(test, result.published, seeds)} |"
        )
    return lines


def _beside_published(test: Answers, published: float, seeds: Sequence[Result]) -> str:
    """What the difference from the write-up's accuracy means.

    Args:
        test: Our answers to test.
        published: The write-up's accuracy, 0–1.
        seeds: The results of the recipe with all its seeds.
    """
    difference, spread_of_seeds = test.accuracy - published, _spread(seeds)
    low, high = test.accuracy_interval
    if math.isclose(test.accuracy, published, abs_tol=1e-9):
        return "the same"
    # A spread over seeds is that of its own recipe: for another it measures nothing.
    if abs(difference) <= spread_of_seeds.high - spread_of_seeds.low + 1e-9:
        return "within a seed's spread"
    side = "above" if difference > 0 else "below"
    return f"{side}, but within our interval" if low <= published <= high else side


def _seed_groups(found: Sequence[Result]) -> list[list[Result]]:
    """The results of every recipe that was trained with several seeds, the best first."""
    runs = [result.run for result in found]
    groups: list[list[Result]] = []
    for result in found:
        if any(differ_by_seed_at_most(result.run, group[0].run) for group in groups):
            continue
        names = {run.name for run in seeds_of(result.run, runs)}
        if names:
            groups.append([other for other in found if other.run.name in names])
    return groups


def _spread(group: Sequence[Result]) -> Spread:
    accuracies = [result.evaluations["test"].accuracy for result in group]
    return spread(group[0].run.recipe, accuracies)


def _seeds(found: Sequence[Result]) -> list[str]:
    """A paragraph on every recipe that was trained with several seeds."""
    paragraphs = []
    for group in _seed_groups(found):
        of, seeds = _spread(group), "; ".join(_seed(result) for result in group)
        low, middle, high = (hundredths(share, 2) for share in (of.low, of.middle, of.high))
        paragraphs.append(
            f"## {of.recipe} with {of.seeds} seeds\n\n"
            f"Median test accuracy {middle} %, from {low} % to {high} %. {seeds}.\n"
        )
    return paragraphs


def _seed(result: Result) -> str:
    minutes = sum(record.seconds for record in result.run.history) / 60
    accuracy = percent(result.evaluations["test"].accuracy, 2)
    return f"Seed {result.run.details.seed}: {accuracy}, trained in {minutes:.1f} minutes"
