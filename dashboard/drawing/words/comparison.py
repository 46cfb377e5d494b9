"""How two checkpoints differ, and whether it is more than chance."""

from collections.abc import Sequence

from dashboard.drawing.words.counts import images
from mnist_core.answers.comparison import Comparison
from mnist_core.formatting import (
    decimals,
    hundredths,
    p_value,
    signed,
    signed_decimals,
    signed_with_interval,
)
from mnist_core.runs.seeds import Spread


def before_and_after(comparison: Comparison, index: int, class_names: Sequence[str]) -> str:
    """One image's truth and both answers to it, e.g. `#12: true 6; 0 before, 6 after`."""
    true, before, after = (
        class_names[int(labels[index])]
        for labels in (comparison.after.y_true, comparison.before.y_pred, comparison.after.y_pred)
    )
    return f"#{index}: true {true}; {before} before, {after} after"


def difference(comparison: Comparison, before: str, *, is_tested: bool = True) -> str:
    """Whether two sets of answers differ by more than chance, in a sentence.

    Args:
        comparison: The answers on show against those before.
        before: What those before are called, e.g. `dense-256 · epoch 5`.
        is_tested: Whether chance can be spoken of: not where the answers themselves decided which
            images these are.
    """
    repaired, broken = len(comparison.repaired), len(comparison.broken)
    changed = f"{images(repaired)} repaired, {broken:,} broken"
    if not is_tested:
        found = 100 * comparison.difference
        return (
            f"Compared with {before}: {signed(found, signed_decimals([found]))} points; "
            f"{changed}. No test and no interval: the answers themselves chose these images."
        )
    low, high = comparison.interval
    points, ends = signed_with_interval(100 * comparison.difference, (100 * low, 100 * high))
    verdict = (
        "more than chance, of these two models; another seed may differ"
        if comparison.p_value < 0.05
        else "within noise, these images cannot tell the two models apart"
    )
    return (
        f"Compared with {before}: {points} points ({ends}); "
        f"{changed}. "
        f"Paired score test (Tango), {p_value(comparison.p_value)}: {verdict}."
    )


def switched_off(comparison: Comparison, *, is_tested: bool = True) -> str:
    """What a model's answers lose and gain with some of its channels off, in a sentence.

    Args:
        comparison: The answers with them off against those of the whole network.
        is_tested: Whether chance can be spoken of: not where the answers themselves decided which
            images these are.
    """
    repaired, broken = len(comparison.repaired), len(comparison.broken)
    counts = f"{images(repaired)} repaired, {broken:,} broken"
    if not is_tested:
        return f"{counts}. No test: the answers themselves chose these images."
    low, high = comparison.interval
    points, ends = signed_with_interval(100 * comparison.difference, (100 * low, 100 * high))
    verdict = "more than chance" if comparison.p_value < 0.05 else "within noise"
    return (
        f"{points} points ({ends}): {counts}. Paired score test (Tango), "
        f"{p_value(comparison.p_value)}: {verdict}. Channels that were chosen by what they do to "
        "these images look better here than on others."
    )


def spread(found: Spread, split: str) -> str:
    """How far the seeds of a recipe lie apart on a split, in a sentence."""
    low, middle, high = (
        hundredths(share, decimals([found.low, found.middle, found.high]))
        for share in (found.low, found.middle, found.high)
    )
    return (
        f"{found.seeds} seeds of {found.recipe} are right on {low}–{high} % of {split}, "
        f"{middle} % in the median."
    )
