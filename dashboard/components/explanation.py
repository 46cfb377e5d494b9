"""What each pixel of one image adds to each class."""

import numpy as np
import streamlit as st

from dashboard import words
from dashboard.components.signed_maps import map_gallery, signed_legend, signed_map
from mnist_core.explainers import Attribution

DOUBTFUL_GAP = 1e-2


def explanation(
    image: np.ndarray, attribution: Attribution, *, class_names: tuple[str, ...], true: int
) -> None:
    """Show one map per class, predicted and true class first, on one scale.

    Args:
        image: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(28, 28)`.
        attribution: Of this image, for all classes.
        class_names: Name of each class.
        true: The true class.
    """
    limit = colour_limit(attribution)
    predicted = int(attribution.output.argmax())
    first = list(dict.fromkeys([predicted, true]))
    order = first + [label for label in range(len(class_names)) if label not in first]
    captions = [_caption(attribution, label, class_names, true, predicted) for label in order]
    maps = [
        signed_map(attribution.values[label], limit=limit, label=caption, under=image)
        for label, caption in zip(order, captions, strict=True)
    ]
    map_gallery(maps, captions, size=130)
    signed_legend(limit, "of probability in one pixel", ends=("against", "for"))
    _say_gap(attribution)


def colour_limit(attribution: Attribution) -> float:
    """Absolute value of full colour: what all but one pixel in a thousand stay below."""
    return max(float(np.quantile(np.abs(attribution.values), 0.999)), 1e-9)


def _caption(
    attribution: Attribution, label: int, class_names: tuple[str, ...], true: int, predicted: int
) -> str:
    roles = [role for role, of in (("predicted", predicted), ("true", true)) if of == label]
    sure = words.percent(float(attribution.output[label]))
    return " · ".join([class_names[label], *roles, sure])


def _say_gap(attribution: Attribution) -> None:
    gap = attribution.completeness_gap
    sentence = (
        f"Completeness gap {gap:.1e}: base value and pixels add up to the probability within this."
    )
    if gap > DOUBTFUL_GAP:
        st.warning(
            f"{sentence} That is too much to trust these maps: the model has a layer that "
            "the method explains wrongly."
        )
    else:
        st.caption(sentence)
