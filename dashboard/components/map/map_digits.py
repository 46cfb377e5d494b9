"""The digits that a map shows in place of points: only those in view, and only when asked for."""

from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from dashboard.components.map.sent import MOST_DIGITS, digits_sent
from dashboard.drawing.sprite import COLUMNS, sprite_png
from mnist_core.datasets import Split

_HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "mnist_lens.map_digits",
    js=(_HERE / "map_store.js").read_text() + (_HERE / "map_digits.js").read_text(),
)

_KEY, _WANTED = "map-digits", "map-digits-wanted"


@st.fragment
def map_digits(split: Split) -> None:
    """Send the browser the images that its maps ask for, at most `MOST_DIGITS` at a time.

    A part of its own: whatever else is on the page does not run again for it.

    Args:
        split: Where they lie.
    """
    wanted = st.session_state.get(_WANTED, np.empty(0, np.int64))
    wanted = wanted[wanted < len(split)]
    data: dict[str, Any] = {"split": split.fingerprint[:16], "most": MOST_DIGITS}
    if len(wanted):
        images = split.images[wanted]
        columns = min(COLUMNS, len(wanted))
        data |= {"indices": wanted.tolist(), "columns": columns, "sprite": sprite_png(images)}
    with st.container(key="map-data-digits"):  # which shows nothing, and takes no room
        _mount(key=_KEY, data=data, on_wanted_change=lambda: _keep(len(split)))


def _keep(n_images: int) -> None:
    st.session_state[_WANTED] = digits_sent(st.session_state[_KEY]["wanted"], n_images)
