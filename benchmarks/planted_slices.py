"""How many planted slices are found, and how often is one reported where none was planted?

Answers of real runs whose errors are dealt out anew to all images alike, so that nothing gathers
anywhere; then the errors within a random group of one or two conditions are raised two- to
fivefold. Its limits are quantiles drawn at random, not the round numbers that the search cuts at.
A planted slice counts as found if one of those reported shares at least half of all images that
are in either of the two (Jaccard's index).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from mnist_core import settings
from mnist_core.datasets import load_dataset
from mnist_core.formatting import interval, percent
from mnist_core.runs import list_runs, read_epoch_predictions
from mnist_core.shapes import Shapes, measure
from mnist_core.slices import find_slices
from mnist_core.statistics import wilson_interval

DIGITS = tuple("0123456789")
TRIALS = 400
"""With a planted slice, and as many with none; the runs take turns."""

FACTORS = 2.0, 5.0
"""By how much the error rate of a planted slice is raised: drawn evenly between these."""

SHARES_ALONE, SHARES_IN_PAIRS = (0.03, 0.4), (0.15, 0.6)
"""Of all images that a planted range has, alone or beside another condition: likewise."""

FEWEST_IMAGES, MOST_SHARE = 30, 0.5
"""Of a planted slice: images, and share of all images."""

LEAST_SHARED = 0.5
"""Jaccard's index from which a planted slice counts as found."""

PROMISED_FOUND, PROMISED_FALSE = 0.80, 0.05
"""Of planted slices with `MANY_ERRORS`, at least; of trials with nothing planted, at most."""

MANY_ERRORS = 30
FEWEST_ERRORS = 10
"""Of a run: with fewer, no groups are looked for."""

ERRORS = 0, 10, 20, 30, 50, 100, np.inf
"""Limits between which planted slices are counted together."""


@dataclass(frozen=True, eq=False)
class Material:
    """Images of a split and how many of them a run got wrong."""

    name: str
    labels: np.ndarray
    shapes: Shapes
    n_errors: int


@dataclass(frozen=True)
class Trial:
    """A planted slice and what became of it.

    Attributes:
        n_conditions: One or two.
        n_errors: Within the slice.
        shared: The largest Jaccard index of a reported slice; 0 where none was reported.
        n_reported: How many were reported.
    """

    n_conditions: int
    n_errors: int
    shared: float
    n_reported: int


def materials() -> list[Material]:
    """What the bundled runs answered to the splits they did not learn from."""
    dataset, found = load_dataset("mnist"), []
    for name in dataset.splits.keys() & {"validation", "test"}:
        split = dataset.split(name)
        shapes = measure(split.images)
        for run in list_runs(settings.ROOT / "models"):
            recorded = read_epoch_predictions(run, name) if run.has_answers_to(split) else None
            if recorded is not None and run.best_epoch:
                answers = recorded.after(run.best_epoch, split.labels, run)
                wrong = int((answers.y_pred != split.labels).sum())
                found.append(Material(f"{run.name} on {name}", split.labels, shapes, wrong))
    return sorted(found, key=lambda material: material.name)


def dealt_out(material: Material, random: np.random.Generator) -> np.ndarray:
    """As many errors as the run made, at random. Bool, shape `(n,)`."""
    return random.permutation(np.arange(len(material.labels)) < material.n_errors)


def group(material: Material, random: np.random.Generator) -> tuple[np.ndarray, int]:
    """The images of a random group, bool of shape `(n,)`, and its number of conditions."""
    while True:
        columns = random.choice(["true", *material.shapes], random.integers(1, 3), replace=False)
        shares = SHARES_ALONE if len(columns) == 1 else SHARES_IN_PAIRS
        conditions = [condition(material, column, shares, random) for column in columns]
        inside = np.logical_and.reduce(conditions)
        if FEWEST_IMAGES <= inside.sum() <= MOST_SHARE * len(inside):
            return inside, len(columns)


def condition(
    material: Material, column: str, shares: tuple[float, float], random: np.random.Generator
) -> np.ndarray:
    """Being of a random class, or within a random range: the lowest, the highest, or any."""
    if column == "true":
        return material.labels == random.choice(material.labels)
    values, share = material.shapes[column], random.uniform(*shares)
    below = random.choice([0, 1 - share, random.uniform(0, 1 - share)])
    low, high = np.nanquantile(values, (below, below + share))
    return (values >= low) & (values <= high)


def plant(material: Material, seed: int) -> Trial:
    random = np.random.default_rng((seed, 0))
    wrong = dealt_out(material, random)
    inside, n_conditions = group(material, random)
    rate = min(1.0, random.uniform(*FACTORS) * material.n_errors / len(wrong))
    wrong[inside] = random.random(inside.sum()) < rate
    slices = find_slices(material.labels, wrong, material.shapes, DIGITS, seed=seed).slices
    shared = max((jaccard(inside, found.positions) for found in slices), default=0.0)
    return Trial(n_conditions, int(wrong[inside].sum()), shared, len(slices))


def plant_nothing(material: Material, seed: int) -> bool:
    """Whether anything is reported all the same."""
    wrong = dealt_out(material, np.random.default_rng((seed, 1)))
    return bool(find_slices(material.labels, wrong, material.shapes, DIGITS, seed=seed).slices)


def jaccard(inside: np.ndarray, positions: np.ndarray) -> float:
    shared = int(inside[positions].sum())
    return shared / (int(inside.sum()) + len(positions) - shared)


def share(successes: Sequence[bool]) -> str:
    n, found = len(successes), sum(successes)
    if not n:
        return "none"
    ends = interval(wilson_interval(found, n), 1)
    return f"{found} of {n}, {percent(found / n, 1)} {ends}"


def say_found(trials: Sequence[Trial]) -> None:
    for n_conditions in (1, 2):
        for low, high in pairwise(ERRORS):
            found = [
                trial.shared >= LEAST_SHARED
                for trial in trials
                if trial.n_conditions == n_conditions and low <= trial.n_errors < high
            ]
            errors = f"{low} to {high - 1} errors" if high < np.inf else f"{low} errors or more"
            words = "one condition" if n_conditions == 1 else "two conditions"
            print(f"Planted slices of {words}, {errors}: found {share(found)}")
    many = [trial for trial in trials if trial.n_errors >= MANY_ERRORS]
    found = [trial.shared >= LEAST_SHARED for trial in many]
    verdict = "kept" if np.mean(found) >= PROMISED_FOUND else "NOT KEPT"
    promised = f"promised {percent(PROMISED_FOUND)}: {verdict}"
    print(f"Planted slices of {MANY_ERRORS} errors or more: found {share(found)}, {promised}")
    alone = [trial.n_reported == 1 for trial in many if trial.shared >= LEAST_SHARED]
    print(f"Of these reported alone: {share(alone)}")


def main() -> None:
    given = [material for material in materials() if material.n_errors >= FEWEST_ERRORS]
    print(f"{len(given)} answers of runs, {len({m.name.split()[0] for m in given})} runs")
    started = time.perf_counter()
    trials = [plant(given[seed % len(given)], seed) for seed in range(TRIALS)]
    taken = (time.perf_counter() - started) / TRIALS
    say_found(trials)
    false = [plant_nothing(given[seed % len(given)], seed) for seed in range(TRIALS)]
    verdict = "kept" if np.mean(false) <= PROMISED_FALSE else "NOT KEPT"
    promised = f"promised at most {percent(PROMISED_FALSE)}: {verdict}"
    print(f"Trials with nothing planted in which a slice was reported: {share(false)}, {promised}")
    print(f"A search took {taken:.2f} s on average")


if __name__ == "__main__":
    main()
