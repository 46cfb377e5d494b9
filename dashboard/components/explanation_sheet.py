"""One right and one wrong image of every class, each with its maps."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape

import numpy as np
import streamlit as st

from dashboard import state
from dashboard.components.digit import detail_link, digits_html
from dashboard.components.explanation import colour_limit
from dashboard.components.signed_maps import signed_map
from mnist_core.datasets import Split
from mnist_core.evaluation import Evaluation
from mnist_core.explainers import Attribution


def explanation_sheet(
    split: Split,
    evaluation: Evaluation,
    attributions: Mapping[int, Attribution],
    *,
    class_names: tuple[str, ...],
) -> None:
    """Show a row per image and a column per class; each row has its own scale.

    Args:
        split: Where the images lie.
        evaluation: Of this split.
        attributions: By the image's position in the split, in the order of the rows.
        class_names: Name of each class.
    """
    head = "".join(f"<th scope=col>{escape(name)}</th>" for name in class_names)
    rows = "".join(
        _row(split.images[index], evaluation, index, attribution, class_names)
        for index, attribution in attributions.items()
    )
    st.html(
        '<div class="explanation-sheet"><table><thead><tr><th scope=col>Image</th>'
        f"{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(
    image: np.ndarray,
    evaluation: Evaluation,
    index: int,
    attribution: Attribution,
    class_names: tuple[str, ...],
) -> str:
    true, predicted = class_names[evaluation.y_true[index]], class_names[evaluation.y_pred[index]]
    verdict = escape(f"{true}, right" if true == predicted else f"{true}→{predicted}")
    limit = colour_limit(attribution)
    cells = "".join(
        f"<td>{signed_map(values, limit=limit, label=f'{verdict}, class {name}', under=None)}</td>"
        for values, name in zip(attribution.values, class_names, strict=True)
    )
    picture = digits_html(image[None], f"Image {index}: {verdict}", 56)
    cell = evaluation.cell_of(index)
    there = replace(state.selection(), image=index, true=cell[0], predicted=cell[1])
    link = detail_link(picture, there, f"Image {index} in detail")
    return f"<tr><th scope=row>{link}<span>{verdict}</span></th>{cells}</tr>"
