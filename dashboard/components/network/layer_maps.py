"""What each layer answers to one image, and the filters it looks with."""

from html import escape

import numpy as np
import streamlit as st

from dashboard.components.shared.signed_maps import map_gallery, signed_legend, signed_map
from dashboard.drawing.sprite import sprite_png
from mnist_core.inference.feature_maps import Filters, LayerMaps


def layer_maps(layer: LayerMaps) -> None:
    """Show the maps of one layer, the strongest first, all on the layer's own scale."""
    channels, height, width = layer.maps.shape
    strongest = float(layer.maps.max())
    st.subheader(f"{layer.layer} · {layer.kind}, {channels} maps of {height}×{width}")
    ordered = layer.maps[layer.strongest]
    levels = np.round(np.clip(ordered / max(strongest, 1e-9), 0, 1) * 255).astype(np.uint8)
    tiles = "".join(
        _tile(level, channel, float(values.mean()))
        for level, values, channel in zip(levels, ordered, layer.strongest, strict=True)
    )
    st.html(f'<div class="map-gallery" style="--size:72px">{tiles}</div>')
    st.caption(f"By mean activation; full colour: {strongest:.2f}, the strongest in this layer.")


def filters_gallery(filters: Filters) -> None:
    """Show the filters of the first layer, red positive and blue negative."""
    if filters.reason:
        st.caption(filters.reason)
        return
    limit = float(np.abs(filters.weights).max()) or 1.0
    captions = [str(number) for number in range(len(filters.weights))]
    maps = [
        signed_map(weights, limit=limit, label=f"Filter {number}", under=None)
        for number, weights in enumerate(filters.weights)
    ]
    st.subheader(f"{filters.layer} · {len(maps)} filters")
    map_gallery(maps, captions, size=44)
    signed_legend(limit, "of weight", ends=("negative", "positive"))


def _tile(level: np.ndarray, channel: int, mean: float) -> str:
    label = escape(f"Channel {channel}, mean {mean:.2f}")
    mask = f"mask-image:url(data:image/png;base64,{sprite_png(level[None])})"
    return (
        f'<figure title="{label}"><div class="mnist-digit accent" role="img" '
        f'aria-label="{label}" style="{mask}"></div><figcaption>{channel}</figcaption></figure>'
    )
