"""Numbers and findings as people write them."""

import re
from collections.abc import Sequence

import numpy as np

from mnist_core.datasets import Split
from mnist_core.distributions import Likeness
from mnist_core.evaluation import Evaluation
from mnist_core.runs import Run
from mnist_core.wording import percent


def plain(text: str) -> str:
    """Text from elsewhere (a link, a file's name) so that Markdown shows it as it is."""
    # Web and mail addresses become links even when escaped: an invisible joiner breaks them up.
    text = re.sub(r"(?<=:/)(?=/)|(?<=www)(?=\.)|(?<=@)", "\N{WORD JOINER}", text)
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|$~:&])", r"\\\1", text)


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


def training(run: Run, epoch: int) -> str:
    """What a run is and how the chosen epoch stands, in one line."""
    record = run.history[epoch - 1]
    best = "the best" if epoch == run.best_epoch else f"the best is epoch {run.best_epoch}"
    parameters = "" if run.parameters is None else f" · {run.parameters:,} parameters"
    return (
        f"{run.name}{parameters} · {run.state} · epoch {epoch} of {len(run.history)}, {best} · "
        f"validation {percent(record.validation_accuracy)}, train {percent(record.accuracy)}"
    )


def image_caption(evaluation: Evaluation, index: int, class_names: Sequence[str]) -> str:
    """One image's truth, prediction and confidence, e.g. `#12: 7 predicted as 2, 98.1 % sure`."""
    true, predicted = (class_names[label] for label in evaluation.cell_of(index))
    sure = percent(float(evaluation.confidence[index]))
    verdict = (
        f"{true}, predicted right" if true == predicted else f"{true} predicted as {predicted}"
    )
    return f"#{index}: {verdict}, {sure} sure"


def balance(split: str, counts: np.ndarray, class_names: Sequence[str]) -> str:
    """How evenly the classes of a split are filled, with the extremes.

    Args:
        split: Its name.
        counts: Images of each class. `int64`, shape `(n_classes,)`.
        class_names: Name of each class.
    """
    shares = counts / counts.sum()
    most, least = int(counts.argmax()), int(counts.argmin())
    if counts[most] == counts[least]:
        return f"{split} is perfectly balanced: {percent(shares[0])} of each class."
    ratio = counts[most] / max(counts[least], 1)
    verdict = (
        "well balanced" if ratio <= 1.1 else "roughly balanced" if ratio <= 1.5 else "unbalanced"
    )
    return (
        f"{split} is {verdict}: from {percent(shares[least])} ({class_names[least]}) to "
        f"{percent(shares[most])} ({class_names[most]})."
    )


def alike(split: str, other: str, likeness: Likeness) -> str:
    """Whether two label distributions differ by more than chance, in a sentence."""
    change = f"{percent(likeness.distance)} of the labels would have to change"
    test = f"chi-square test, p = {likeness.p_value:.2g}"
    if likeness.distance == 0:
        return f"{split} and {other} have the same label distribution."
    if likeness.p_value < 0.05:
        return f"{split} and {other} differ by more than chance: {change} ({test})."
    return f"{split} and {other} are as alike as two draws from one source: {change} ({test})."
