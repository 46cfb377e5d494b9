"""The channels of the chosen layer, and those of any layer that are switched off."""

import numpy as np
import streamlit as st

from dashboard.components.network.channel_table import channel_table
from dashboard.components.network.display import NetworkDisplay
from dashboard.components.network.switched_off import switched_off
from dashboard.components.network.written import read_off, switched, write_off, write_pixel
from dashboard.loading.networks import load_feature_maps, load_stages
from dashboard.visit import state
from dashboard.visit.view import View
from mnist_core.inference.layer_stages import Stage


def which_matter(view: View, display: NetworkDisplay, index: int, stage: Stage) -> None:
    """What each channel of a layer, or of all, does to the open cell or that of the image.

    Switching one off opens it at the pixel where it is strongest.
    """
    stages = load_stages(view)
    off = read_off(display.off, stages)

    def switch(number: int, channel: int) -> None:
        maps = load_feature_maps(view, index, number).maps[channel]
        row, column = divmod(int(np.abs(maps).argmax()), maps.shape[1])
        pixel = write_pixel((channel, row, column))
        state.choose(off=write_off(switched(off, number, channel)), layer=number, pixel=pixel)

    has_cell = view.chosen_cell != (None, None)
    channel_table(
        view,
        view.chosen_cell if has_cell else view.answers.cell_of(index),
        [stage] if display.among == "layer" else stages,
        off=off,
        on_switch=switch,
    )


def what_is_off(view: View, display: NetworkDisplay) -> None:
    """What the channels that are off change."""
    stages = load_stages(view)
    off = read_off(display.off, stages)
    if off:
        with st.container(key="switched-off"):
            switched_off(view, stages, off)
