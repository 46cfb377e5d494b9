"""What each pixel of one image adds to each class."""

import streamlit as st

from dashboard.components.shared.signed_maps import map_gallery, signed_legend, signed_map
from dashboard.visit.view import View
from mnist_core.explainers import Attribution
from mnist_core.explainers.picture import colour_limit
from mnist_core.formatting import answer

DOUBTFUL_GAP = 1e-2
_UNITS = {"probabilities": "probability", "scores": "score"}


def explanation(view: View, index: int, attribution: Attribution) -> None:
    """Show one map per class, predicted and true class first, on one scale.

    Args:
        view: What the page shows.
        index: Position of the image in its split.
        attribution: Of this image, for all classes.
    """
    limit = colour_limit(attribution)
    true, predicted = int(view.split.labels[index]), int(attribution.output.argmax())
    first = list(dict.fromkeys([predicted, true]))
    order = first + [label for label in range(len(view.class_names)) if label not in first]
    captions = [_caption(view, attribution, label, true, predicted) for label in order]
    maps = [
        signed_map(
            attribution.values[label], limit=limit, label=caption, under=view.split.images[index]
        )
        for label, caption in zip(order, captions, strict=True)
    ]
    map_gallery(maps, captions, size=130)
    unit = _UNITS[view.answers.output]
    signed_legend(limit, f"of {unit} in one pixel", ends=("against", "for"))
    _say_gap(attribution, unit)


def _caption(view: View, attribution: Attribution, label: int, true: int, predicted: int) -> str:
    roles = [role for role, of in (("predicted", predicted), ("true", true)) if of == label]
    given = answer(float(attribution.output[label]), view.answers.output)
    return " · ".join([view.class_names[label], *roles, given])


def _say_gap(attribution: Attribution, unit: str) -> None:
    gap = attribution.completeness_gap
    sentence = (
        f"Completeness gap {gap:.1e}: base value and pixels add up to the {unit} within this."
    )
    if gap > DOUBTFUL_GAP:
        st.warning(
            f"{sentence} That is too much to trust these maps: the model has a layer that "
            "the method explains wrongly."
        )
    else:
        st.caption(sentence)
