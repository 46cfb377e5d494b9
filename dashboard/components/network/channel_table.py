"""Which channels matter for a cell of mistakes; each can be switched off."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import streamlit as st

from dashboard.components.shared.long_work import long_work
from dashboard.components.shared.row_table import Cell, Column, Row, row_table
from dashboard.components.shared.selection_widgets import selection_choice
from dashboard.drawing import words
from dashboard.loading.long_work import channels_job
from dashboard.visit.view import Cell as ViewCell
from dashboard.visit.view import View
from mnist_core.formatting import signed
from mnist_core.inference.channel_effects import MOST_CHANNELS, MOST_IMAGES, ChannelEffects
from mnist_core.inference.channels_off import Off
from mnist_core.inference.layer_stages import Stage

MOST_ROWS = 100
"""Channels in the table: those that change the cell most."""

_HEIGHT = 200
_AMONG = {"layer": "This layer", "network": "All layers"}
_COLUMNS = (
    Column("Wrong", "Mean change over images read wrong; below 0 they come out better.", True),
    Column("Right", "Mean change over images read right; above 0 they come out worse.", True),
    Column("Turned", "Images read wrong where the true class then leads.", True),
)

Switch = Callable[[int, int], None]
"""Is given the number of a layer, and a channel of it."""


def channel_table(
    view: View, cell: ViewCell, stages: Sequence[Stage], *, off: Sequence[Off], on_switch: Switch
) -> None:
    """Show what each channel does to a cell, or why there is nothing to show.

    Args:
        view: What the page shows.
        cell: True and predicted class.
        stages: The layers whose channels are looked at.
        off: All channels that are off.
        on_switch: Called with the layer and the channel that is to be switched off, or on again.
    """
    selection_choice("among", "Channels of", _AMONG, hide_label=True)
    true, predicted = cell
    if true is None or predicted is None or true == predicted:
        st.caption("Open an image that was predicted wrong to see which channels made it so.")
        return
    weighed = _weighed(stages)
    if not weighed:
        st.caption(_why_none(stages))
        return
    if not len(np.setdiff1d(view.answers.find(true, predicted), view.left_out)):
        st.caption("This cell has no image: choose another one.")
        return
    effects = long_work(*channels_job(view, weighed, (true, predicted)))
    if effects is not None:
        names = view.class_names[true], view.class_names[predicted]
        st.markdown(
            f"**Which channels read {words.plain(names[0])} as {words.plain(names[1])}**",
            help=words.plain(_explained(names, weighed)),
        )
        _table(effects, off, on_switch)
        n_wrong, n_right = effects[0].n_wrong, effects[0].n_right
        st.caption(f"Means over {n_wrong:,} wrong and {n_right:,} right images.")


def _table(effects: Sequence[ChannelEffects], off: Sequence[Off], on_switch: Switch) -> None:
    name = partial(_name, is_alone=len(effects) == 1)
    places = {name(one.stage, k): (one, k) for one in effects for k in range(len(one.off))}
    changes = np.concatenate([np.abs(one.wrong) for one in effects])
    strongest = np.argsort(-changes, kind="stable")[:MOST_ROWS]
    names = list(places)
    rows = [_row(names[place], *places[names[place]]) for place in strongest]
    stages = {one.stage.number: one.stage for one in effects}
    row_table(
        _COLUMNS,
        rows,
        names="Off",
        chosen=[
            name(stages[one.number], k) for one in off if one.number in stages for k in one.channels
        ],
        on_choose=lambda row, _: on_switch(places[row][0].stage.number, places[row][1]),
        key="channel-table",
        several=True,
        height=_HEIGHT,
    )


def _name(stage: Stage, channel: int, *, is_alone: bool) -> str:
    return f"{channel}" if is_alone else f"{stage.number} {stage.layer} · {channel}"


def _row(name: str, effects: ChannelEffects, channel: int) -> Row:
    turned = int(effects.turned[channel])
    changes = [float(found[channel]) for found in (effects.wrong, effects.right)]
    return Row(name, (*map(_change, changes), Cell(f"{turned:,}", turned)))


def _change(change: float) -> Cell:
    return (
        Cell("–") if np.isnan(change) else Cell(signed(round(change, 2) + 0.0), change)
    )  # not −0.00


def _why_none(stages: Sequence[Stage]) -> str:
    last = words.plain(stages[-1].layer)
    if not stages[-1].can_be_off:
        return f"The model ends in {last}, nothing follows that could change: choose another layer."
    return f"{last} has more than {MOST_CHANNELS:,} channels, which would take minutes."


def _weighed(stages: Sequence[Stage]) -> list[Stage]:
    """Of several layers that only pass channels on to one another, the last."""
    possible = [one for one in stages if one.can_be_off and one.channels <= MOST_CHANNELS]
    return [one for one in possible if len(stages) == 1 or not one.passes_on]


def _explained(names: tuple[str, str], weighed: Sequence[Stage]) -> str:
    true, predicted = names
    n_channels = sum(one.channels for one in weighed)
    more = f" Of {n_channels:,} channels the {MOST_ROWS} that change most."
    last = " Where layers only pass channels on, as a convolution to its ReLU, the last counts."
    return (
        f"How far the logit of {predicted} less that of {true} moves when one channel alone is "
        "off: its answers are 0 behind the layer’s own activation function. Below 0, the channel "
        f"speaks for {predicted}. Of more than {MOST_IMAGES} images so many are drawn, with seed 0."
        f"{more if n_channels > MOST_ROWS else ''}{last if len(weighed) > 1 else ''}"
    )
