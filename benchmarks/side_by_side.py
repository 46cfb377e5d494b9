"""Times several ways of doing the same, in turns, so that a noisy machine is noisy for all."""

import time
from collections.abc import Callable, Mapping
from statistics import median


def seconds(ways: Mapping[str, Callable[[], object]], *, rounds: int) -> dict[str, float]:
    """Median time of each way over some rounds, after one round that does not count."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            if number:
                taken[name].append(time.perf_counter() - started)
    return {name: median(times) for name, times in taken.items()}


def say(what: str, ours: float, other: str, theirs: float, promised: float | None) -> None:
    """Print how many times faster ours was, and whether that is what was promised, if anything."""
    ratio = theirs / ours
    told = f"{what}: {1000 * ours:,.1f} ms; {other}: {1000 * theirs:,.1f} ms; {ratio:.2f} times"
    told += " as fast"
    if promised is not None:
        told += f", promised {promised:.2f}: {'kept' if ratio >= promised else 'NOT KEPT'}"
    print(told)
