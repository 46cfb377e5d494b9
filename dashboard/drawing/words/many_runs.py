"""What several runs answered to the same images, and which of them lead."""

from collections import Counter
from collections.abc import Sequence

from dashboard.drawing.words.comparison import difference
from dashboard.drawing.words.counts import images, plain
from mnist_core.answers.comparison import Comparison
from mnist_core.answers.evaluation import Output
from mnist_core.answers.many_runs import ManyRuns
from mnist_core.formatting import accuracy, answer, p_value, percent, signed, signed_decimals

MOST_NAMED = 6
"""Runs of a group that are named in a sentence."""


def run_count(count: int) -> str:
    """A number of runs, e.g. `1 run` or `13 runs`."""
    return f"{count:,} run{'' if count == 1 else 's'}"


def leading(found: ManyRuns, names: Sequence[str], *, is_tested: bool = True) -> str:
    """The best run, those that cannot be told apart from it, and the rest; for Markdown.

    Args:
        found: What the runs answered.
        names: Of the runs.
        is_tested: Whether chance can be spoken of: not where answers of one of them decided which
            images these are.
    """
    best = found.best
    equals = int((found.errors == found.errors[best]).sum()) - 1
    ties = f", as {'does 1 other' if equals == 1 else f'do {equals:,} others'}" if equals else ""
    first = f"**{plain(names[best])}** reads most right, {percent(found.accuracy[best])}{ties}."
    if len(found) == 1:
        return f"**{plain(names[best])}** reads {percent(found.accuracy[best])} right."
    if not is_tested:
        return f"{first} No test: answers themselves chose these images."
    others = [run for run in found.leading if run != best]
    rest = len(found) - 1 - len(others)
    worse = "The other is" if rest == 1 else f"{'The' if others else 'All'} {rest:,} others are"
    behind = f" {worse} worse by more than chance." if rest else ""
    group = f" No difference shown from it: {_named(others, names)}." if others else ""
    return (
        f"{first}{group}{behind} Paired score tests (Tango) against the best, corrected for all "
        "(Holm); the best is found on the same images, which favours it."
    )


def _named(places: Sequence[int], names: Sequence[str]) -> str:
    listed = [plain(names[place]) for place in places[:MOST_NAMED]]
    more = len(places) - len(listed)
    return ", ".join(listed) + (f" and {more:,} more" if more else "")


def against_best(found: ManyRuns) -> list[tuple[str, str]]:
    """Each run's difference from the best in points, and its p-value; dashes for the best."""
    tests = [against and (100 * against.test.difference, against) for against in found.against_best]
    places = signed_decimals([test[0] for test in tests if test])
    return [
        (signed(test[0], places), p_value(test[1].p_value).removeprefix("p ").removeprefix("= "))
        if test
        else ("–", "–")
        for test in tests
    ]


def readings(found: ManyRuns, place: int, class_names: Sequence[str]) -> str:
    """What all runs say of an image, e.g. `true 9, wrong in 13 of 13: 10 say 4, 3 say 7`.

    Args:
        found: What the runs answered.
        place: Position of the image among these answers.
        class_names: Name of each class.
    """
    true = int(found.y_true[place])
    wrong = [(label, count) for label, count in found.said(place) if label != true]
    listed = ", ".join(
        f"{count:,} {'says' if count == 1 else 'say'} {class_names[label]}"
        for label, count in wrong
    )
    n_wrong = int(found.n_wrong[place])
    verdict = f"wrong in {n_wrong:,} of {len(found):,}: {listed}" if wrong else "right in all"
    return f"true {class_names[true]}, {verdict}"


def mean(comparison: Comparison, best: str, n_runs: int, *, is_tested: bool = True) -> str:
    """How much the mean of several runs' probabilities reads right, and what that gains.

    Args:
        comparison: The mean against the best of the runs alone.
        best: Name of that run.
        n_runs: How many take part.
        is_tested: See `leading`.
    """
    after = comparison.after
    ends = after.accuracy_interval
    right = accuracy(after.accuracy, ends) if is_tested else f"{percent(after.accuracy)} right"
    against = difference(comparison, f"the best of them, {best}", is_tested=is_tested)
    return f"The mean of the probabilities of {run_count(n_runs)} reads {right}. {against}"


def agreement(labels: Sequence[int], class_names: Sequence[str]) -> str:
    """How many of several runs say what, e.g. `9 say 7, 4 say 1`, the most frequent first.

    Args:
        labels: The class that each of them says.
        class_names: Name of each class.
    """
    counts = Counter(labels).most_common()
    return ", ".join(
        f"{count:,} {'says' if count == 1 else 'say'} {class_names[label]}"
        for label, count in counts
    )


def sure(value: float, output: Output, places: int, *, is_rounded: bool) -> str:
    """A confidence or score as a table of several writes it.

    Args:
        value: A probability, 0–1, or a score.
        output: Which of the two it is.
        places: Decimals of the table's shares.
        is_rounded: Whether it was recorded to three figures, so that 1 can be a little less.
    """
    if is_rounded and output == "probabilities" and value >= 1:
        return "> 99.9 %"
    return answer(value, output, places)


def shared(name: str, other: str, count: int, by_chance: float, fewer: int) -> str:
    """How many images two runs both read wrong, and what chance would give.

    Args:
        name: Of one run.
        other: Of the other.
        count: Images that both read wrong.
        by_chance: How many these would be on average if the errors were independent.
        fewer: Errors of the run that has fewer.
    """
    share = f", {percent(count / fewer)} of the errors of the one with fewer" if fewer else ""
    return (
        f"{name} and {other}: both wrong on {images(count)}; {by_chance:.1f} expected if their "
        f"errors were independent{share}"
    )
