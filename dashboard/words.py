"""Numbers and findings as people write them."""

from mnist_core.datasets import Split
from mnist_core.evaluation import Evaluation
from mnist_core.runs import Run


def percent(share: float | None) -> str:
    """A share, 0–1, as % with one decimal, two above 99 %; a dash where there is none."""
    if share is None or share != share:  # NaN
        return "–"
    return f"{100 * share:.{2 if 0.99 < share < 1 else 1}f} %"


def images(count: int) -> str:
    """A number of images, e.g. `1 image` or `1,128 images`."""
    return f"{count:,} image{'' if count == 1 else 's'}"


def findings(run: Run, epoch: int, title: str, split: Split, evaluation: Evaluation) -> str:
    """What is shown, in one line, from the data."""
    low, high = evaluation.accuracy_interval
    return (
        f"{run.name} · epoch {epoch} of {len(run.history)} · {title} {split.name}, "
        f"{images(len(split))} · {percent(evaluation.accuracy)} right "
        f"({100 * low:.1f}–{100 * high:.1f})"
    )


def image_caption(evaluation: Evaluation, index: int) -> str:
    """One image's truth, prediction and confidence, e.g. `#12: 7 predicted as 2, 98.1 % sure`."""
    true, predicted = evaluation.y_true[index], evaluation.y_pred[index]
    sure = percent(float(evaluation.confidence[index]))
    verdict = (
        f"{true}, predicted right" if true == predicted else f"{true} predicted as {predicted}"
    )
    return f"#{index}: {verdict}, {sure} sure"
