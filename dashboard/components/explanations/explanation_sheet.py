"""One right and one wrong image of every class, each with its maps."""

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
    head = "".join(f"<th scope=col>{escape(name)}</th>" for name in view.class_names)
    rows = "".join(_row(view, index, attribution) for index, attribution in attributions.items())
    st.html(
        '<div class="explanation-sheet"><table><thead><tr><th scope=col>Image</th>'
        f"{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(view: View, index: int, attribution: Attribution) -> str:
    cell, names = view.answers.cell_of(index), view.class_names
    true, predicted = (names[label] for label in cell)
    verdict = escape(f"{true}, right" if true == predicted else f"{true}→{predicted}")
    limit = colour_limit(attribution)
    cells = "".join(
        f"<td>{signed_map(values, limit=limit, label=f'{verdict}, class {name}', under=None)}</td>"
        for values, name in zip(attribution.values, names, strict=True)
    )
    picture = digits_html(view.split.images[index][None], f"Image {index}: {verdict}", 56)
    there = replace(view.selection, image=index, true=cell[0], predicted=cell[1])
    link = detail_link(picture, there, f"Image {index} in detail")
    return f"<tr><th scope=row>{link}<span>{verdict}</span></th>{cells}</tr>"
