"""Several images, each with its maps: a row per image, a column per class."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape

import numpy as np
import streamlit as st

from dashboard.components.shared.digit import detail_link, digits_html
from dashboard.components.shared.signed_maps import signed_map
from dashboard.visit.view import View
from mnist_core.explainers import Attribution
from mnist_core.explainers.picture import colour_limit


def explanation_sheet(view: View, attributions: Mapping[int, Attribution]) -> None:
    """Show a row per image and a column per class; each row has its own scale.

    Args:
        view: What the page shows.
        attributions: By the image's position in the split, in the order of the rows.
    """
    is_difference = any(found.of == "difference" for found in attributions.values())
    columns = ("Difference",) if is_difference else view.class_names
    _table(columns, [_row(view, index, found) for index, found in attributions.items()])
    marks = (
        "the first class is for, the second against"
        if is_difference
        else "the frame is whole around the predicted class and dashed around the true one"
    )
    st.caption(f"Red for, blue against, on one scale a row; {marks}.")


def drawing_sheet(view: View, image: np.ndarray, attribution: Attribution) -> None:
    """Show one row of an image that is of no split, and has no true class.

    Args:
        view: What the page shows.
        image: Grey levels 0–255. `uint8`, shape `(28, 28)`.
        attribution: Of it, for all classes.
    """
    predicted = int(attribution.output.argmax())
    verdict = f"read as {view.class_names[predicted]}"
    picture = digits_html(image[None], f"The drawing, {verdict}", 56)
    head = f"{picture}<span>{escape(verdict)}</span>"
    cells = _cells(view.class_names, attribution, verdict, (None, predicted))
    _table(view.class_names, [f"<tr><th scope=row>{head}</th>{cells}</tr>"])
    st.caption("Red for, blue against, on one scale; the frame is around the predicted class.")


def _table(columns: Sequence[str], rows: Sequence[str]) -> None:
    head = "".join(f"<th scope=col>{escape(name)}</th>" for name in columns)
    st.html(
        '<div class="explanation-sheet" tabindex="0" role="region" aria-label="Explanations">'
        f"<table><thead><tr><th scope=col>Image</th>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _row(view: View, index: int, attribution: Attribution) -> str:
    cell, names = view.answers.cell_of(index), view.class_names
    true, predicted = (names[label] for label in cell)
    verdict = f"{true}, right" if true == predicted else f"{true}→{predicted}"
    cells = _cells(names, attribution, verdict, cell)
    picture = digits_html(view.split.images[index][None], f"Image {index}: {verdict}", 56)
    there = replace(view.selection, image=index, true=cell[0], predicted=cell[1])
    link = detail_link(picture, there, f"Image {index} in detail")
    return f"<tr><th scope=row>{link}<span>{escape(verdict)}</span></th>{cells}</tr>"


def _cells(
    names: Sequence[str], attribution: Attribution, verdict: str, cell: tuple[int | None, int]
) -> str:
    """One map a class, or that of the difference of two, which its cell names."""
    limit = colour_limit(attribution)
    if attribution.of == "difference":
        first, second = (names[label] for label in attribution.classes)
        titles, marks = [f"{first} against {second}"], [""]
    else:
        titles = [names[label] for label in attribution.classes]
        marks = [_mark(label, cell) for label in attribution.classes]
    shown = ""
    for values, title, mark in zip(attribution.values, titles, marks, strict=True):
        said = f"{title} {mark}".strip()
        drawn = signed_map(values, limit=limit, label=f"{verdict}, {said}", under=None)
        named = f"<span>{escape(title)}</span>" if attribution.of == "difference" else ""
        shown += f'<td class="{mark}" title="{escape(said)}">{drawn}{named}</td>'
    return shown


def _mark(label: int, cell: tuple[int | None, int]) -> str:
    true, predicted = cell
    roles = [role for role, of in (("predicted", predicted), ("true", true)) if of == label]
    return " ".join(roles)
