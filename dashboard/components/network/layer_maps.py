"""What one layer answers to one image, the strongest maps first."""

import base64
import hashlib
from collections.abc import Callable, Collection
from pathlib import Path

import numpy as np
import streamlit as st

from dashboard.components.network.written import Pixel
from dashboard.components.shared.signed_maps import signed_legend
from mnist_core.inference.feature_maps import LayerMaps

_HERE = Path(__file__).parent
_ELEMENT = _HERE.parent / "shared" / "element.js"
_mount = st.components.v2.component(
    "mnist_lens.layer_maps",
    css=(_HERE / "layer_maps.css").read_text(),
    js=_ELEMENT.read_text() + (_HERE / "layer_maps.js").read_text(),
)

_BOX = 200
"""Pixels that the maps may be high; they scroll beyond."""

_FULL = 127
"""The largest level that is sent to the browser."""


def layer_maps(
    layer: LayerMaps,
    *,
    pixel: Pixel | None,
    off: Collection[int],
    on_pixel: Callable[[Pixel], None],
    on_switch: Callable[[int], None],
) -> None:
    """Show the maps, or units, all on the layer's own scale; silent ones are only named.

    Args:
        layer: What it answers.
        pixel: The chosen one.
        off: Channels that are switched off.
        on_pixel: Called with the pixel that is chosen.
        on_switch: Called with the channel that is to be switched off, or on again.
    """

    def pixel_chosen() -> None:
        channel, row, column = st.session_state["layer-maps"]["pixel"]
        on_pixel((int(channel), int(row), int(column)))

    def switched() -> None:
        on_switch(int(st.session_state["layer-maps"]["toggle"]))

    limit = float(np.abs(layer.maps).max()) or 1.0
    shown = layer.strongest[~layer.silent[layer.strongest]]
    levels = np.round(layer.maps[shown] / limit * _FULL).astype(np.int8).tobytes()
    word = "map" if layer.stage.has_maps else "unit"
    _mount(
        key="layer-maps",
        data={
            "content": f"{layer.stage.number} {hashlib.sha256(levels).hexdigest()}",
            "height": layer.maps.shape[1],
            "width": layer.maps.shape[2],
            "levels": base64.b64encode(levels).decode(),
            "maps": [_as_data(layer, int(channel), word) for channel in shown],
            "silent": np.flatnonzero(layer.silent).tolist(),
            "word": word,
            "isSigned": layer.is_signed,
            "canBeOff": layer.stage.can_be_off,
            "size": 72 if layer.maps[0].size > 64 else 56 if layer.stage.has_maps else 36,
            "box": _BOX,
            "chosen": pixel,
            "off": list(off),
        },
        on_pixel_change=pixel_chosen,
        on_toggle_change=switched,
    )
    if layer.is_signed:
        signed_legend(limit, "in this layer", ends=("negative", "positive"))
    else:
        st.caption(f"By mean activation; full colour: {limit:.2f}, the strongest in this layer.")


def _as_data(layer: LayerMaps, channel: int, word: str) -> dict[str, object]:
    values = layer.maps[channel]
    mean = f"mean {values.mean():.2f}" if values.size > 1 else f"{values[0, 0]:.2f}"
    return {
        "channel": channel,
        "name": f"{channel}",
        "label": f"{word.capitalize()} {channel}, {mean}",
    }
