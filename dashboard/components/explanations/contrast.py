"""Why the predicted class and not another: the map of the difference of two classes, large."""

import streamlit as st

from dashboard.components.explanations.made_by import made_by
from dashboard.components.shared.signed_maps import large_map, signed_legend, signed_map
from dashboard.drawing import words
from dashboard.visit.view import View
from mnist_core.explainers import Attribution
from mnist_core.explainers.picture import colour_limit

_SIZE = 280
UNITS = {"probabilities": "logit", "scores": "score"}


def contrast(view: View, index: int, found: Attribution, *, key: str = "contrast") -> None:
    """Show what pulls to one class and what to the other, and say where it lies.

    Args:
        view: What the page shows.
        index: Position of the image in its split.
        found: The difference of two classes, of this image.
        key: Of its container; one for each on a page.
    """
    image, names = view.split.images[index], [view.class_names[label] for label in found.classes]
    unit, limit = UNITS[view.answers.output], colour_limit(found)
    with st.container(key=key):
        st.subheader(f"Why {names[0]} and not {names[1]}?")
        left, right = st.columns([1, 1.3], gap="medium", vertical_alignment="center")
        with left:
            label = f"Image {index}: red pulls to {names[0]}, blue to {names[1]}"
            drawn = signed_map(found.values[0], limit=limit, label=label, under=image)
            roles = _roles(view, index, found.classes)
            large_map(drawn, roles, size=_SIZE)
        with right:
            st.markdown(words.contrast_sum(found, [words.plain(name) for name in names], unit))
            where = words.contrast_where(
                found.values[0], image, [words.plain(name) for name in names]
            )
            st.markdown(where, help=words.CONTRAST_PARTS)
            signed_legend(
                limit, f"of {unit} in one pixel", ends=(f"to {names[1]}", f"to {names[0]}")
            )
            made_by(found, unit)


def _roles(view: View, index: int, classes: tuple[int, ...]) -> str:
    """Which of two classes is the predicted and which the true one, e.g. for a caption."""
    true, predicted = view.answers.cell_of(index)
    parts = []
    for colour, label in zip(("red", "blue"), classes, strict=True):
        roles = [role for role, of in (("predicted", predicted), ("true", true)) if of == label]
        parts.append(" ".join([f"{colour}: {view.class_names[label]}", *roles]))
    return " · ".join(parts)
