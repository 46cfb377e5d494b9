"""What the report says, a function for each section; one that has nothing to say is left out."""

from html import escape

import numpy as np

from dashboard.drawing import words
from dashboard.drawing.figures.confusion_matrix import confusion_matrix_figure
from dashboard.drawing.figures.curve_readings import Measure
from dashboard.drawing.figures.learning_curves import learning_curves_figure
from dashboard.drawing.figures.probabilities import probabilities_figure
from dashboard.drawing.figures.reliability import EDGES, reliability_figure
from dashboard.drawing.figures.run_style import run_styles
from dashboard.drawing.grids.confusion import MatrixDisplay, lines_of, shown_classes
from dashboard.drawing.matrix_cells import shown_in
from dashboard.report import images
from dashboard.report.markup import Ink, chart, paragraph, section, table
from dashboard.visit.view import View
from mnist_core.answers.calibrated import consistency_band
from mnist_core.formatting import decimals, interval, percent
from mnist_core.statistics import wilson_interval


def all_sections(view: View, display: MatrixDisplay, ink: Ink) -> str:
    """Every section that has something to say, as HTML."""
    return "\n".join(
        [
            _matrix(view, display),
            _chosen_images(view, ink),
            _opened_image(view, ink),
            _pairs(view, ink),
            _classes(view),
            _top_losses(view, ink),
            _difference(view, ink),
            _reliability(view),
            _curves(view),
        ]
    )


def _matrix(view: View, display: MatrixDisplay) -> str:
    lines = lines_of(view.counted, view.class_names, display)
    order = shown_classes(lines.answers, display)
    figure = confusion_matrix_figure(
        lines.counts[np.ix_(order, order)],
        class_names=[lines.names[line] for line in order],
        display=shown_in(display.cells),
        logarithmic=display.colours == "logarithmic",
    )
    said = (
        f"Rows are true classes, columns predicted ones; colours are {display.colours}. On "
        "hovering, shares with their 95 % intervals (Wilson 1927)."
    )
    return section("Confusion matrix", chart(figure, "confusion-matrix", said))


def _chosen_images(view: View, ink: Ink) -> str:
    cell, indices = images.shown_cell(view), images.of_shown_cell(view)
    if cell is None:
        return section("Images", paragraph("No mistakes on this split."))
    cause = "" if view.cause is None else f", only ‘{view.cause}’"
    title = words.images_of(len(indices), cell, view.class_names) + cause
    if not len(indices):
        return section(title, paragraph("No image is in this cell."))
    why = "" if images.chosen_cell(view) else "The most frequent mistake. "
    note = f"{why}The most confident first{_at_most(len(indices))}."
    return section(title, paragraph(note, kind="note"), images.image_sheet(view, indices, ink))


def _opened_image(view: View, ink: Ink) -> str:
    index, answers, names = view.image, view.answers, view.class_names
    if index is None:
        return ""
    caption = words.image_caption(answers, index, names)
    if answers.y_prob is not None:
        figure = probabilities_figure(
            answers.y_prob[index],
            class_names=[escape(name, quote=False) for name in names],
            true=int(answers.y_true[index]),
            output=answers.output,
        )
        beside = chart(figure, "opened-image", f"What each class got: {answers.output}.")
    else:
        beside = paragraph(_without_model(view, "the outputs of the other classes"), kind="note")
    picture = ink.digit(index, caption, kind="large")
    return section(
        f"Image {index}",
        paragraph(caption),
        f'<div class="opened">{picture}<div>{beside}</div></div>',
    )


def _pairs(view: View, ink: Ink) -> str:
    answers, names = view.answers, view.class_names
    pairs = view.counted.most_confused(images.PAIRS)
    if not pairs:
        return ""
    places = decimals(pair.count / view.counted.support[pair.true] for pair in pairs)
    rows = [
        (
            escape(f"{names[pair.true]} → {names[pair.predicted]}"),
            f"{pair.count:,}",
            _share(pair.count, int(view.counted.support[pair.true]), places),
            "".join(
                ink.digit(int(index), words.image_caption(answers, int(index), names))
                for index in images.examples(view, pair.true, pair.predicted)
            ),
        )
        for pair in pairs
    ]
    head = ("True → predicted", "Images", "Of the true class", "Most confident")
    note = "The most frequent mistakes; in brackets the 95 % interval."
    return section("Most confused", table(note, head, rows))


def _classes(view: View) -> str:
    answers, names = view.counted, view.class_names
    right, claimed = answers.confusion_matrix.diagonal(), answers.confusion_matrix.sum(axis=0)
    places = decimals([*answers.recall, *answers.precision, *answers.f1, answers.accuracy])
    rows = [
        (
            escape(name),
            f"{answers.support[label]:,}",
            _share(int(right[label]), int(answers.support[label]), places),
            _share(int(right[label]), int(claimed[label]), places),
            percent(float(answers.f1[label]), places),
        )
        for label, name in enumerate(names)
    ]
    accuracy = (
        percent(answers.accuracy, places)
        if view.is_chosen_here
        else _share(int(right.sum()), len(answers), places)
    )
    whole = ("All", f"{len(answers):,}", accuracy, "", "")
    head = ("Class", "Support", "Recall", "Precision", "F1")
    note = (
        "Support: images of the true class; recall of all: the accuracy. In brackets the 95 % "
        "interval (Wilson 1927)."
    )
    return section("Class by class", table(note, head, rows, foot=whole))


def _top_losses(view: View, ink: Ink) -> str:
    answers = view.answers
    if answers.y_prob is None:
        note = paragraph(_without_model(view, "the loss of each image"), kind="note")
        return section("Highest losses", note)
    indices = images.highest_losses(view)
    if not len(indices):
        return ""
    kind = "Hinge loss" if answers.output == "scores" else "Loss in nats"
    note = f"{kind}, from {answers.loss[indices[0]]:.2f} to {answers.loss[indices[-1]]:.2f}."
    return section(
        "Highest losses", paragraph(note, kind="note"), images.image_sheet(view, indices, ink)
    )


def _difference(view: View, ink: Ink) -> str:
    if view.comparison is None or view.counted_comparison is None:
        return ""
    before = str(view.baseline)
    parts = [paragraph(words.difference(view.counted_comparison, before, is_tested=view.is_tested))]
    changed = (("Broken", view.comparison.broken), ("Repaired", view.comparison.repaired))
    for title, positions in changed:
        indices = view.listed(positions)
        if len(indices):
            cause = "" if view.cause is None else f", {view.cause}"
            heading = f"{title}: {words.images(len(indices))}{cause}{_at_most(len(indices))}"
            parts.append(f"<h3>{escape(heading)}</h3>\n")
            parts.append(images.image_sheet(view, indices, ink))
    return section(f"Compared with {before}", *parts)


def _reliability(view: View) -> str:
    answers = view.counted
    if answers.output == "scores":
        return ""
    found, band = answers.calibration(EDGES), None
    if view.is_tested:
        band = consistency_band(answers.confidence, EDGES)
    said = words.calibration(answers, is_tested=view.is_tested)
    if view.is_tested:
        said += f" {words.BAND}"
    figure = reliability_figure(found, band=band, is_stretched=True)
    return section("Reliability", chart(figure, "reliability", said))


def _curves(view: View) -> str:
    run = view.run
    measures: tuple[tuple[Measure, str], ...] = (("loss", "Loss"), ("accuracy", "Accuracy"))
    charts = (
        chart(
            learning_curves_figure(
                [run], measure, styles=run_styles([run]), chosen=(run.name, view.epoch)
            ),
            f"learning-curve-{measure}",
            f"{name} after each epoch.",
        )
        for measure, name in measures
    )
    note = "Solid: validation; dotted: train; star: the best epoch; band: the epoch of this report."
    return section(
        "Learning curves",
        paragraph(note, kind="note"),
        f'<div class="pair">{"".join(charts)}</div>',
    )


def _share(count: int, whole: int, places: int) -> str:
    if not whole:
        return "–"
    ends = interval(wilson_interval(count, whole), places)
    return f"{percent(count / whole, places)} <small>{escape(ends)}</small>"


def _at_most(count: int) -> str:
    return f", {images.AT_MOST} of {count:,} are shown" if count > images.AT_MOST else ""


def _without_model(view: View, what: str) -> str:
    return (
        f"The model of epoch {view.epoch} was not kept, only its predictions, so {what} cannot be "
        "shown."
    )
