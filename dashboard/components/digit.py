"""Digits that are only looked at: ink in the colour of the text, with hard edges."""

from html import escape

import numpy as np
import streamlit as st

from dashboard.components.sprite import sprite_png


def digit(image: np.ndarray, *, description: str, pixels: int = 168) -> None:
    """Draw one image, large.

    Args:
        image: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(28, 28)`.
        description: What a screen reader says.
        pixels: Width and height on screen, a multiple of 28.
    """
    st.html(_masked(image[None], description, pixels))


def digit_row(images: np.ndarray, *, description: str, pixels: int = 56) -> None:
    """Draw up to 40 images side by side.

    Args:
        images: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(n, 28, 28)`, 1 ≤ n ≤ 40.
        description: What a screen reader says.
        pixels: Width of each on screen, less where there is no room.
    """
    st.html(_masked(images, description, pixels))


def _masked(images: np.ndarray, description: str, pixels: int) -> str:
    url = f"url(data:image/png;base64,{sprite_png(images)})"
    return (
        f'<div class="mnist-digit" role="img" aria-label="{escape(description)}" '
        f'style="width:min(100%,{pixels * len(images)}px);aspect-ratio:{len(images)};'
        f'mask-image:{url}"></div>'
    )
