"""Signed values as pictures: red for, blue against, nothing where they are zero."""

import base64
import io
from collections.abc import Sequence
from html import escape

import numpy as np
import streamlit as st
from PIL import Image

from dashboard.drawing.sprite import sprite_png
from mnist_core.explainers.picture import AGAINST, FOR, coloured


def signed_map(values: np.ndarray, *, limit: float, label: str, under: np.ndarray | None) -> str:
    """HTML of one map.

    Args:
        values: `float32`, shape `(h, w)`.
        limit: Absolute value of full colour, > 0.
        label: What a screen reader says.
        under: Image drawn faintly beneath, `uint8` `(28, 28)`, or `None`.
    """
    ground = ""
    if under is not None:
        mask = f"mask-image:url(data:image/png;base64,{sprite_png(under[None])})"
        ground = f'<div class="mnist-digit faint" style="{mask}"></div>'
    return (
        f'<div class="signed-map">{ground}<img alt="{escape(label)}" '
        f'src="data:image/png;base64,{_png(values, limit)}"></div>'
    )


def large_map(one: str, caption: str, *, size: int) -> None:
    """Show one map (see `signed_map`) large, narrower where there is less room.

    Args:
        one: HTML of it.
        caption: Plain text beneath it.
        size: Its width, in pixels.
    """
    st.html(f'<div class="map-gallery large" style="--size:{size}px">{_figure(one, caption)}</div>')


def map_gallery(
    maps: Sequence[str], captions: Sequence[str], *, size: int, height: int | None = None
) -> None:
    """Show maps (see `signed_map`) with captions, wrapped to the width there is.

    Args:
        maps: HTML of each.
        captions: Plain text beneath each.
        size: Width of each, in pixels.
        height: Of all together, in pixels, at most; they scroll beyond.
    """
    # What scrolls must be within reach of the keyboard.
    box = f';overflow-y:auto;max-height:{height}px" tabindex="0' if height else ""
    figures = "".join(map(_figure, maps, captions))
    st.html(f'<div class="map-gallery" style="--size:{size}px{box}">{figures}</div>')


def signed_legend(limit: float, unit: str, *, ends: tuple[str, str]) -> None:
    """Say what the colours mean.

    Args:
        limit: Absolute value of full colour, > 0.
        unit: Of the values, in words.
        ends: What blue and what red stand for.
    """
    scale = f"background:linear-gradient(to right,rgb{AGAINST},transparent,rgb{FOR})"
    st.html(
        f'<div class="signed-legend"><span>{escape(ends[0])}</span>'
        f'<span class="signed-scale" style="{scale}"></span><span>{escape(ends[1])}</span>'
        f"<span>full colour: {limit:.2g} {escape(unit)}</span></div>"
    )


def _figure(one: str, caption: str) -> str:
    return f"<figure>{one}<figcaption>{escape(caption)}</figcaption></figure>"


def _png(values: np.ndarray, limit: float) -> str:
    file = io.BytesIO()
    Image.fromarray(coloured(values, limit), "RGBA").save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()
