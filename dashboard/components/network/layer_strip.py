"""The layers of a network from input to output, as in a drawing of it; each a button."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import streamlit as st

from mnist_core.inference.layer_stages import Stage

_HERE = Path(__file__).parent
_ELEMENT = _HERE.parent / "shared" / "element.js"
_mount = st.components.v2.component(
    "mnist_lens.layer_strip",
    css=(_HERE / "layer_strip.css").read_text(),
    js=_ELEMENT.read_text() + (_HERE / "layer_strip.js").read_text(),
)


def layer_strip(
    stages: Sequence[Stage],
    *,
    chosen: int,
    with_off: Collection[int],
    on_choose: Callable[[int], None],
) -> None:
    """Show the strip.

    Args:
        stages: The layers.
        chosen: Number of the one on show.
        with_off: Numbers of those with channels that are off.
        on_choose: Called with the number of the one that is chosen.
    """

    def chosen_now() -> None:
        on_choose(int(st.session_state["layer-strip"]["layer"]))

    _mount(
        key="layer-strip",
        data={
            "layers": [_as_data(stage, stage.number in with_off) for stage in stages],
            "chosen": chosen,
        },
        on_layer_change=chosen_now,
    )


def shape_in_words(stage: Stage) -> str:
    """E.g. `26×26×32`; of units their number alone."""
    return "×".join(f"{length:,}" for length in stage.shape)


def _as_data(stage: Stage, has_off: bool) -> dict[str, object]:
    kind = f"{stage.kind}, {stage.activation}" if stage.activation else stage.kind
    what = "maps" if stage.has_maps else "units"
    note = ", with channels off" if has_off else ""
    return {
        "number": stage.number,
        "name": stage.layer,
        "kind": kind,
        "shape": shape_in_words(stage),
        "label": f"Layer {stage.number}, {stage.layer}: {kind}, {stage.channels:,} {what}{note}",
        "side": stage.shape[0] if stage.has_maps else 0,
        "channels": stage.channels,
        "hasOff": has_off,
    }
