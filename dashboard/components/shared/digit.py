"""Digits without a component of their own: ink in the colour of the text, with hard edges."""

from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from dashboard.drawing.sprite import sprite_png
from dashboard.visit import state
from dashboard.visit.selection import Selection


def digit(image: np.ndarray, *, description: str, pixels: int = 168) -> None:
    """Draw one image, large.

    Args:
        image: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(28, 28)`.
        description: What a screen reader says.
        pixels: Width and height on screen, a multiple of 28.
    """
    st.html(digits_html(image[None], description, pixels))


def digit_row(images: np.ndarray, *, description: str, pixels: int) -> None:
    """Draw images side by side.

    Args:
        images: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(n, 28, 28)`, 1 ≤ n ≤ 40.
        description: What a screen reader says.
        pixels: Width of each on screen, less where there is no room.
    """
    st.html(digits_html(images, description, pixels))


def linked_digits(
    images: np.ndarray,
    *,
    to: Sequence[Selection],
    descriptions: Sequence[str],
    pixels: int = 56,
    more: tuple[int, Selection] | None = None,
) -> None:
    """Draw images side by side, each a link to its detail.

    Args:
        images: Grey levels, 0 (paper) to 255 (ink). `uint8`, shape `(n, 28, 28)`.
        to: What each link opens.
        descriptions: What each says on hover and to a screen reader.
        pixels: Width of each on screen.
        more: How many images are left out, and what shows them.
    """
    links = [
        detail_link(digits_html(image[None], description, pixels), selection, description)
        for image, selection, description in zip(images, to, descriptions, strict=True)
    ]
    if more is not None and more[0] > 0:
        left_out, selection = more
        links.append(detail_link(f"<span>+{left_out:,}</span>", selection, f"{left_out:,} more"))
    st.html(f'<div class="linked-digits">{"".join(links)}</div>')


def detail_link(content: str, selection: Selection, description: str) -> str:
    """HTML of a link from `content`, which is HTML, to the detail of the image in a selection."""
    query = escape(urlencode(state.query_of("confusion", selection)))
    return f'<a href="confusion?{query}" target="_self" title="{escape(description)}">{content}</a>'


def digits_html(images: np.ndarray, description: str, pixels: int) -> str:
    """HTML of images side by side; see `digit_row`."""
    url = f"url(data:image/png;base64,{sprite_png(images)})"
    return (
        f'<div class="mnist-digit" role="img" aria-label="{escape(description)}" '
        f'style="width:min(100%,{pixels * len(images)}px);aspect-ratio:{len(images)};'
        f'mask-image:{url}"></div>'
    )
