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
    st.html(_masked(image[None], description, width=pixels, height=pixels))


def digit_row(images: np.ndarray, *, description: str, pixels: int = 56) -> None:
    """Draw up to 40 images side by side.

    Args:
        images: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(n, 28, 28)`, 1 ≤ n ≤ 40.
        description: What a screen reader says.
        pixels: Height on screen.
    """
    st.html(_masked(images, description, width=pixels * len(images), height=pixels))


def _masked(images: np.ndarray, description: str, *, width: int, height: int) -> str:
    url = f"url(data:image/png;base64,{sprite_png(images)})"
    return (
        f'<div class="mnist-digit" role="img" aria-label="{escape(description)}" '
        f'style="width:{width}px;height:{height}px;mask-image:{url}"></div>'
    )
