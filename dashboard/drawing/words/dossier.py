"""What a `Dossier` says, in sentences: only what its numbers support."""

from collections.abc import Sequence

from dashboard.drawing.words import images
from mnist_core.answers.dossier import ENOUGH, SUPPORTED, Contrast, Dossier
from mnist_core.answers.evaluation import Output
from mnist_core.formatting import p_value, percent
from mnist_core.shapes import MEASURES, Measure


def cell_dossier(dossier: Dossier, class_names: Sequence[str], output: Output) -> list[str]:
    """How many, how sure, what came second, and what they share; a sentence each.

    Args:
        dossier: What is known of a cell of the confusion matrix, or of mistakes.
        class_names: Name of each class.
        output: Whether the model answers with probabilities or with scores.
    """
    name = class_names[dossier.label]
    sentences = [_count(dossier, class_names), _confidence(dossier, name, output)]
    if dossier.is_right:
        return sentences
    return [*sentences, *_runner_up(dossier), _shared(dossier, name)]


def _count(dossier: Dossier, class_names: Sequence[str]) -> str:
    n, name = len(dossier.positions), class_names[dossier.label]
    share = f"({percent(n / dossier.support)})"
    if dossier.true is None:
        show = "shows" if n == 1 else "show"
        return (
            f"{n:,} of {images(dossier.support)} predicted as {name} {show} another class {share}."
        )
    if dossier.predicted is None:
        fate = "missed"
    else:
        predicted = class_names[dossier.predicted]
        fate = "predicted right" if dossier.is_right else f"predicted as {predicted}"
    was = "was" if n == 1 else "were"
    return f"{n:,} of {images(dossier.support)} of {name} {was} {fate} {share}."


def _confidence(dossier: Dossier, name: str, output: Output) -> str:
    noun = "confidence" if output == "probabilities" else "score of the answer"
    what = noun.capitalize() if len(dossier.positions) == 1 else f"Median {noun}"
    said = f"{what} {_level(dossier.confidence, output)}"
    if dossier.is_right or not dossier.right_count:
        return f"{said}."
    said += f", against {_level(dossier.right_confidence, output)} where {name} was predicted right"
    if dossier.confidence_test is None:
        return f"{said}."
    p = dossier.confidence_test.p_value
    verdict = "more than chance" if p < SUPPORTED else "within noise"
    return f"{said} ({verdict}, {p_value(p)})."


def _runner_up(dossier: Dossier) -> list[str]:
    """How often the truth came second, where that is known."""
    n, second = len(dossier.positions), dossier.runner_up
    if second is None:
        return []
    if n == 1:
        return [f"The truth {'came' if second else 'did not come'} second."]
    return [f"The truth came second in {second:,} of {n:,}."]


def _shared(dossier: Dossier, name: str) -> str:
    n, right = len(dossier.positions), dossier.right_count
    if n < ENOUGH:
        needed = f"at least {ENOUGH} are needed"
        return f"Too few to say what they have in common: {images(n)}, {needed}."
    if right < ENOUGH:
        return (
            f"Too few to compare them with: {images(right)} of {name} predicted right, at least "
            f"{ENOUGH} are needed."
        )
    if not dossier.contrasts:
        return (
            f"Their shapes do not differ from those of the images of {name} predicted right by "
            "more than chance."
        )
    *others, last = [_contrast(contrast) for contrast in dossier.contrasts]
    listed = f"{', '.join(others)} and {last}" if others else last
    return f"Compared with the images of {name} predicted right, they {listed}."


def _contrast(contrast: Contrast) -> str:
    """One difference with its medians, or, where these are the same, with its share of pairs."""
    is_more = contrast.superiority > 0.5
    measure = MEASURES[contrast.measure]
    phrase = measure.more if is_more else measure.less
    median, right_median = (
        _measured(value, measure) for value in (contrast.median, contrast.right_median)
    )
    if median == right_median:
        share = contrast.superiority if is_more else 1 - contrast.superiority
        return f"{phrase} (in {percent(share)} of pairs)"
    return f"{phrase} (median {median.removesuffix(' px')} against {right_median})"


def _measured(value: float, measure: Measure) -> str:
    rounded = round(value, measure.decimals) + 0.0  # never −0
    return f"{rounded:.{measure.decimals}f}{measure.unit}".replace("-", "−")


def _level(value: float, output: Output) -> str:
    return percent(value) if output == "probabilities" else f"{value:.2f}".replace("-", "−")
