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

    Empty where there are fewer than two.
    """
    wanted = _but_for_the_seed(run)
    if wanted is None:
        return ()
    alike = (other for other in runs if _but_for_the_seed(other) == wanted)
    found = {other.details.seed or 0: other for other in alike}
    return tuple(found[seed] for seed in sorted(found)) if len(found) > 1 else ()


def _but_for_the_seed(run: Run) -> tuple[object, ...] | None:
    """What two runs that differ by their seed alone have in common; `None` where not all is known.

    Versions are no part of it: they are told with each run.
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
