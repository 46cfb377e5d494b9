"""Numbers and findings as people write them."""

import math
import re
from collections.abc import Sequence
from statistics import median

import numpy as np

from dashboard.view import View
from mnist_core.comparison import Comparison
from mnist_core.distributions import Likeness
from mnist_core.evaluation import Answers, Output
from mnist_core.learning_curves import seconds_left, verdict
from mnist_core.runs import Run
from mnist_core.seeds import Spread
from mnist_core.statistics import wilson_interval
from mnist_core.wording import (
    answer,
    decimals,
    hundredths,
    interval,
    p_value,
    percent,
    signed_with_interval,
)

MOST_NOTES = 20
"""Of an import that are shown, and files named that it left out."""

MOST_LETTERS = 1_000
"""Of a note that is shown."""


def plain(text: str) -> str:
    """Text from elsewhere (a link, a file's name) so that Markdown shows it as it is."""
    # Web and mail addresses become links even when escaped: an invisible joiner breaks them up.
    text = re.sub(r"(?<=:/)(?=/)|(?<=www)(?=\.)|(?<=@)", "\N{WORD JOINER}", text)
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|$~:&])", r"\\\1", text)


def images(count: int) -> str:
    """A number of images, e.g. `1 image` or `1,128 images`."""
    return f"{count:,} image{'' if count == 1 else 's'}"


def share_of(part: int, whole: int, places: int | None = None) -> str:
    """A share with its 95 % interval (Wilson), e.g. `97.9 % (96.9–98.6)`; a dash for none of 0."""
    if not whole:
        return "–"
    places = decimals([part / whole]) if places is None else places
    return f"{percent(part / whole, places)} {interval(wilson_interval(part, whole), places)}"


def images_of(count: int, cell: tuple[int | None, int | None], class_names: Sequence[str]) -> str:
    """How many images a cell, a row or a column of mistakes has; `None` for any class."""
    true, predicted = (None if label is None else class_names[label] for label in cell)
    plural = "" if count == 1 else "s"
    if true is None and predicted is None:
        return f"{count:,} mistake{plural}"
    if predicted is None:
        return f"Class {true}: {count:,} missed"
    if true is None:
        return f"Class {predicted}: {count:,} false positive{plural}"
    return f"True {true} → predicted {predicted}: {images(count)}"


def only_cause(view: View) -> str:
    """That only images with the chosen cause are listed, to be added to what is; for Markdown."""
    return "" if view.cause is None else f", only ‘{plain(view.cause)}’"


def findings(view: View) -> str:
    """What is shown, in one line, from the data."""
    n_left_out = len(view.left_out)
    left_out = f" without {n_left_out:,} marked as mislabelled" if n_left_out else ""
    return (
        f"{view.run.name} · epoch {view.epoch} of {len(view.run.history)} · {view.outline.title} "
        f"{view.split.name}, {images(len(view.split))}{left_out} · "
        f"{accuracy(view)}"
    )


def accuracy(view: View) -> str:
    """The share predicted right, e.g. `98.6 % right (98.4–98.8)`.

    Without an interval where the epoch was chosen for it: the highest of many shares is no sample.
    """
    share = view.counted.accuracy
    if view.is_chosen_here:
        return f"{percent(share)} right, the highest of all epochs, chosen on this split"
    return f"{percent(share)} right {interval(view.counted.accuracy_interval, decimals([share]))}"


def training(run: Run, epoch: int) -> str:
    """What a run is and how the chosen epoch stands, in one line."""
    record = run.history[epoch - 1]
    best = (
        "the best on validation"
        if epoch == run.best_epoch
        else f"the best is epoch {run.best_epoch}"
    )
    parameters = "" if run.parameters is None else f" · {run.parameters:,} parameters"
    places = decimals([record.validation_accuracy, record.accuracy])
    return (
        f"{run.name}{parameters} · {run.state} · epoch {epoch} of {len(run.history)}, {best} · "
        f"validation {percent(record.validation_accuracy, places)}, "
        f"train {percent(record.accuracy, places)}"
    )


def image_caption(answers: Answers, index: int, class_names: Sequence[str]) -> str:
    """One image's truth, prediction and confidence, e.g. `#12: 7 predicted as 2, 98.1 % sure`."""
    true, predicted = (class_names[label] for label in answers.cell_of(index))
    verdict = (
        f"{true}, predicted right" if true == predicted else f"{true} predicted as {predicted}"
    )
    return f"#{index}: {verdict}, {_sure(answers, index)}"


def answered(answers: Answers, index: int, class_names: Sequence[str]) -> str:
    """What was answered to one image, how surely, and whether it is right."""
    true, predicted = answers.cell_of(index)
    verdict = "right" if true == predicted else "wrong"
    return f"predicted {class_names[predicted]}, {_sure(answers, index)}, {verdict}"


def before_and_after(comparison: Comparison, index: int, class_names: Sequence[str]) -> str:
    """One image's truth and both answers to it, e.g. `#12: true 6; 0 before, 6 after`."""
    true, before, after = (
        class_names[int(labels[index])]
        for labels in (comparison.after.y_true, comparison.before.y_pred, comparison.after.y_pred)
    )
    return f"#{index}: true {true}; {before} before, {after} after"


def _sure(answers: Answers, index: int) -> str:
    sure = answer(float(answers.confidence[index]), answers.output)
    return f"{sure} sure" if answers.output == "probabilities" else sure


def top_three(answers: Answers, index: int, class_names: Sequence[str]) -> str:
    """The three most probable classes of an image, and where its truth stands among all."""
    listed = best_three(answers.outputs[index], class_names, answers.output)
    ranked = answers.ranked_classes(index)
    rank = int(np.flatnonzero(ranked == answers.y_true[index])[0]) + 1
    inside = "in the top 3" if rank <= 3 else f"not in the top 3 but ranked {rank}"
    return f"{listed}. The truth is {inside}."


def best_three(outputs: np.ndarray, class_names: Sequence[str], output: Output) -> str:
    """The three classes with the most, e.g. `Top 3: 4 99.38 % · 9 0.40 % · 8 0.13 %`.

    Args:
        outputs: What one image got: probabilities, 0–1, or scores. Floats, shape `(n_classes,)`.
        class_names: Name of each class.
        output: Which of the two it is.
    """
    ranked = np.argsort(-outputs, kind="stable")[:3]
    given = [float(outputs[label]) for label in ranked]
    places = decimals(given) if output == "probabilities" else None
    listed = " · ".join(
        f"{class_names[label]} {answer(value, output, places)}"
        for label, value in zip(ranked, given, strict=True)
    )
    return f"Top 3: {listed}".replace(" %", "\N{NO-BREAK SPACE}%")


def difference(comparison: Comparison, before: str) -> str:
    """Whether two sets of answers differ by more than chance, in a sentence.

    Args:
        comparison: The answers on show against those before.
        before: What those before are called, e.g. `dense-256 · epoch 5`.
    """
    low, high = comparison.interval
    points, ends = signed_with_interval(100 * comparison.difference, (100 * low, 100 * high))
    repaired, broken = len(comparison.repaired), len(comparison.broken)
    verdict = (
        "more than chance, of these two models; another seed may differ"
        if comparison.p_value < 0.05
        else "within noise, these images cannot tell the two models apart"
    )
    return (
        f"Compared with {before}: {points} points ({ends}); "
        f"{images(repaired)} repaired, {broken:,} broken. "
        f"Paired score test (Tango), {p_value(comparison.p_value)}: {verdict}."
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


def validation_loss(run: Run) -> str:
    """Whether the validation loss of a run rises at the end (see `verdict`), in a sentence."""
    said = verdict(run.history)
    if said.rises_from is None:
        return f"{run.name}: {said}."
    first, *after = run.history[said.rises_from - 1 :]
    losses = [record.loss for record in after if math.isfinite(record.loss)]
    higher = trained = ""
    if not math.isnan(said.share):
        higher = f"; since then it is {percent(said.share)} higher in the median"
    if losses and math.isfinite(first.loss):
        trained = f", while training loss went from {first.loss:.3f} to {median(losses):.3f}"
    return f"{run.name}: {said}{higher}{trained}."


def under_way(run: Run) -> str:
    """How far a training has come and when it ends, in a sentence."""
    done, most = len(run.history), run.details.hyperparameters.max_epochs
    left = None if most is None else seconds_left(run.history, most)
    minutes, seconds = divmod(round(left or 0), 60)
    of_most = "" if most is None else f" of at most {most:,}"
    end = "" if left is None else f", at most {minutes}:{seconds:02d} minutes left"
    best = "" if not done else f", best validation so far {percent(run.validation_accuracy)}"
    return f"{run.name} is training: {done}{of_most} epochs done{end}{best}."


def imported(run: Run) -> list[str]:
    """How an imported run came about, a sentence each; empty for one that was trained here."""
    origin = run.details.imported
    if run.state != "imported" or origin is None:
        return []
    logged = (
        [
            f"Its validation curves come from {origin.log}, whichever split that used; "
            "the best epoch and its accuracy were measured here."
        ]
        if run.details.validation_from == "log"
        else []
    )
    left_out = [f"Left out: {line}" for line in origin.left_out[:MOST_NOTES]]
    if len(origin.left_out) > MOST_NOTES:
        left_out.append(f"Also left out: {len(origin.left_out) - MOST_NOTES:,} more, see run.json.")
    notes = (f"Imported from {origin.source}.", *logged, *origin.notes[:MOST_NOTES], *left_out)
    return [note[:MOST_LETTERS] for note in notes]


def duration(seconds: float) -> str:
    """A length of time, in seconds, e.g. `42 s`, `17 min` or `1 h 5 min`."""
    if seconds < 59.5:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def in_percent(share: float | None) -> float | None:
    """A share, 0–1, as a number for a table that shows two decimals; `None` where there is none.

    As everywhere, what is not quite everything is not shown as 100, nor almost nothing as 0.
    """
    if share is None or share in (0, 1):
        return share if share is None else 100 * share
    return min(max(100 * share, 0.01), 99.99)


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


def alike(split: str, other: str, likeness: Likeness, *, by_class: str = "") -> str:
    """Whether two label distributions differ by more than chance, in a sentence.

    Args:
        split: Name of one split.
        other: Name of the other.
        likeness: How alike they are.
        by_class: The one of them that was cut class by class, if any: no random draw.
    """
    change = f"{percent(likeness.distance)} of the labels would have to change"
    cut = ""
    if by_class:
        cut = f" {by_class.capitalize()} was cut class by class, not drawn at random."
    test = f"chi-square test, {p_value(likeness.p_value)}"
    if likeness.distance == 0:
        return f"{split} and {other} have the same label distribution."
    if likeness.p_value < 0.05:
        return f"{split} and {other} differ by more than chance: {change} ({test}).{cut}"
    none = "no difference shown between their labels"
    return f"{split} and {other}: {none}, {change} ({test}).{cut}"
