"""One digit, large, ink in the colour of the text."""

import numpy as np
import streamlit as st

from dashboard.components.sprite import sprite_png


def digit(image: np.ndarray, *, description: str, pixels: int = 196) -> None:
    """Draw one image with hard edges.

    Args:
        image: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(28, 28)`.
        description: What a screen reader says.
        pixels: Width and height on screen, a multiple of 28.
    """
    url = f"url(data:image/png;base64,{sprite_png(image[None])})"
    st.html(
        f'<div class="mnist-digit" role="img" aria-label="{description}" '
        f'style="width:{pixels}px;height:{pixels}px;mask-image:{url}"></div>'
    )
