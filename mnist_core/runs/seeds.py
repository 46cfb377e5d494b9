"""`seeds_of`: the runs that differ from one run by nothing but their seed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from mnist_core.runs import Run


@dataclass(frozen=True)
class Spread:
    """Accuracies of one recipe trained with several seeds, after the best epoch of each, 0–1.

    Attributes:
        recipe: Name of the recipe.
        seeds: How many.
        low: The lowest accuracy.
        middle: The median.
        high: The highest.
    """

    recipe: str
    seeds: int
    low: float
    middle: float
    high: float


def seeds_of(run: Run, runs: Iterable[Run]) -> tuple[Run, ...]:
    """Finished runs that differ from one by their seed alone, itself included, by their seeds.

    One of each seed: of copies the first, but never in place of the run itself. Empty where there
    are fewer than two.
    """
    found: dict[int, Run] = {}
    for other in (run, *runs):
        seed = other.details.seed
        if seed is not None and differ_by_seed_at_most(run, other):
            found.setdefault(seed, other)
    return tuple(found[seed] for seed in sorted(found)) if len(found) > 1 else ()


def differ_by_seed_at_most(run: Run, other: Run) -> bool:
    """Whether both runs are finished, and alike in all that is known of how they were trained."""
    wanted = _but_for_the_seed(run)
    return wanted is not None and _but_for_the_seed(other) == wanted


def _but_for_the_seed(run: Run) -> tuple[object, ...] | None:
    """What two runs that differ by their seed alone have in common; `None` where not all is known.

    Versions do not count: each run states its own.
    """
    if run.state != "finished" or not run.recipe or run.details.seed is None:
        return None
    fingerprints = tuple(sorted(run.fingerprints.items()))
    return run.recipe, run.parameters, run.details.hyperparameters, fingerprints


def spread(recipe: str, accuracies: Sequence[float]) -> Spread:
    """Of the accuracies of two or more seeds of a recipe, 0–1."""
    low, middle, high = min(accuracies), median(accuracies), max(accuracies)
    return Spread(recipe, len(accuracies), low, middle, high)


def spread_of(run: Run, runs: Iterable[Run], split: str) -> Spread | None:
    """How far the seeds of a run's recipe lie apart, as their records say.

    Args:
        run: One of them.
        runs: All runs.
        split: `validation` or `test`.

    Returns:
        `None` where there is one seed alone, or where the accuracy on the split was not recorded.
    """
    if split not in ("validation", "test"):
        return None
    found = [getattr(other, f"{split}_accuracy") for other in seeds_of(run, runs)]
    known = [accuracy for accuracy in found if accuracy is not None]
    return spread(run.recipe, known) if len(known) > 1 else None
