"""Several images, each with its maps: a row per image, a column per class."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape

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
    head = "".join(f"<th scope=col>{escape(name)}</th>" for name in columns)
    rows = "".join(_row(view, index, found) for index, found in attributions.items())
    st.html(
        '<div class="explanation-sheet" tabindex="0" role="region" aria-label="Explanations">'
        f"<table><thead><tr><th scope=col>Image</th>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )
    marks = (
        "the first class is for, the second against"
        if is_difference
        else ("the frame is whole around the predicted class and dashed around the true one")
    )
    st.caption(f"Red for, blue against, on one scale a row; {marks}.")


def _row(view: View, index: int, attribution: Attribution) -> str:
    cell, names = view.answers.cell_of(index), view.class_names
    true, predicted = (names[label] for label in cell)
    verdict = escape(f"{true}, right" if true == predicted else f"{true}→{predicted}")
    limit = colour_limit(attribution)
    if attribution.of == "difference":
        first, second = (names[label] for label in attribution.classes)
        titles, marks = [f"{first} against {second}"], [""]
    else:
        titles = [names[label] for label in attribution.classes]
        marks = [_mark(label, cell) for label in attribution.classes]
    cells = "".join(
        f'<td class="{mark}" title="{escape(f"{title} {mark}".strip())}">'
        + signed_map(values, limit=limit, label=f"{verdict}, {title} {mark}".strip(), under=None)
        + (f"<span>{escape(title)}</span>" if attribution.of == "difference" else "")
        + "</td>"
        for values, title, mark in zip(attribution.values, titles, marks, strict=True)
    )
    picture = digits_html(view.split.images[index][None], f"Image {index}: {verdict}", 56)
    there = replace(view.selection, image=index, true=cell[0], predicted=cell[1])
    link = detail_link(picture, there, f"Image {index} in detail")
    return f"<tr><th scope=row>{link}<span>{verdict}</span></th>{cells}</tr>"


def _mark(label: int, cell: tuple[int, int]) -> str:
    true, predicted = cell
    roles = [role for role, of in (("predicted", predicted), ("true", true)) if of == label]
    return " ".join(roles)
