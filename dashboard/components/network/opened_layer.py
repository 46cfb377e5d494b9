"""The chosen layer: its maps of the opened image, and where the chosen pixel comes from."""

import streamlit as st

from dashboard.components.network.display import NetworkDisplay
from dashboard.components.network.layer_maps import layer_maps
from dashboard.components.network.layer_strip import layer_strip
from dashboard.components.network.pixel_sum import pixel_sum
from dashboard.components.network.written import (
    off_of,
    read_off,
    read_pixel,
    switched,
    write_off,
    write_pixel,
)
from dashboard.drawing import words
from dashboard.loading.networks import load_feature_maps, load_patch_sum, load_stages
from dashboard.visit import state
from dashboard.visit.view import View
from mnist_core.inference.layer_stages import Stage


def layer_choice(view: View, display: NetworkDisplay) -> Stage:
    """Show the strip of layers; gives the chosen one."""
    stages = load_stages(view)
    stage = stages[min(display.layer, len(stages)) - 1]
    off = read_off(display.off, stages)
    layer_strip(
        stages,
        chosen=stage.number,
        with_off=[one.number for one in off],
        on_choose=lambda number: state.choose(layer=number, pixel=""),
    )
    return stage


def opened_layer(view: View, display: NetworkDisplay, index: int, stage: Stage) -> None:
    """Show a layer's maps of an image."""
    off = read_off(display.off, load_stages(view))
    st.markdown(_title(stage))
    layer_maps(
        load_feature_maps(view, index, stage.number),
        pixel=read_pixel(display.pixel, stage),
        off=off_of(off, stage),
        on_pixel=lambda chosen: state.choose(pixel=write_pixel(chosen)),
        on_switch=lambda channel: state.choose(off=write_off(switched(off, stage.number, channel))),
    )


def opened_pixel(view: View, display: NetworkDisplay, index: int, stage: Stage) -> None:
    """Show the sum behind the chosen pixel of a layer's maps, or how to choose one."""
    pixel = read_pixel(display.pixel, stage)
    if pixel is None and not stage.has_maps:
        return
    if pixel is None:
        st.caption("Choose a pixel of a map to see where it comes from: patch × kernel = sum.")
        return
    layer = load_feature_maps(view, index, stage.number)
    pixel_sum(layer, pixel, load_patch_sum(view, index, stage.number, pixel))


def _title(stage: Stage) -> str:
    kind = f"{stage.kind}, then {stage.activation}" if stage.activation else stage.kind
    name = f"**{words.plain(stage.layer)}** · {words.plain(kind)}"
    if not stage.has_maps:
        return f"{name} · {stage.channels:,} units"
    if len(stage.shape) == 2:
        return f"{name} · {stage.channels:,} channels over {stage.shape[0]:,} steps"
    height, width, channels = stage.shape
    return f"{name} · {channels:,} maps of {height:,}×{width:,}"
