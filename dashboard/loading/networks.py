"""What a checkpoint's network consists of, sees and answers, computed in a worker."""

import streamlit as st

from dashboard.visit.view import View
from dashboard.work import worker
from mnist_core.datasets import Split
from mnist_core.inference.feature_maps import (
    Filters,
    LayerMaps,
    LayerRow,
    feature_maps,
    first_filters,
    model_summary,
)
from mnist_core.inference.layer_stages import Stage, layer_stages
from mnist_core.inference.patch_sums import PatchSum, patch_sum
from mnist_core.runs import Checkpoint, Run


def load_summary(run: Run) -> tuple[LayerRow, ...]:
    """The layers of the last model that a run kept; empty without one."""
    if not run.checkpoints:
        return ()
    checkpoint = run.checkpoints[-1]
    return _load_summary(checkpoint.fingerprint, checkpoint)


@st.cache_resource(max_entries=64, show_spinner="Opening the model …")
def _load_summary(checkpoint_fingerprint: str, _checkpoint: Checkpoint) -> tuple[LayerRow, ...]:
    return worker.call(model_summary, _checkpoint.path)


def load_filters(view: View) -> Filters:
    """The filters of the first layer of the model on show."""
    checkpoint = view.run.checkpoint(view.epoch)
    return _load_filters(checkpoint.fingerprint, checkpoint)


@st.cache_resource(max_entries=64, show_spinner="Opening the model …")
def _load_filters(checkpoint_fingerprint: str, _checkpoint: Checkpoint) -> Filters:
    return worker.call(first_filters, _checkpoint.path)


def load_stages(view: View) -> tuple[Stage, ...]:
    """The layers of the model on show that can be looked at."""
    checkpoint = view.run.checkpoint(view.epoch)
    return _load_stages(checkpoint.fingerprint, checkpoint)


@st.cache_resource(max_entries=64, show_spinner="Opening the model …")
def _load_stages(checkpoint_fingerprint: str, _checkpoint: Checkpoint) -> tuple[Stage, ...]:
    return worker.call(layer_stages, _checkpoint.path)


def load_feature_maps(view: View, index: int, number: int) -> LayerMaps:
    """What a layer of the model on show answers to one image of the split."""
    checkpoint, split = view.run.checkpoint(view.epoch), view.split
    return _load_feature_maps(
        checkpoint.fingerprint, split.fingerprint, index, number, checkpoint, split
    )


@st.cache_resource(max_entries=64, show_spinner="Looking into the layer …")
def _load_feature_maps(
    checkpoint_fingerprint: str,
    split_fingerprint: str,
    index: int,
    number: int,
    _checkpoint: Checkpoint,
    _split: Split,
) -> LayerMaps:
    return worker.call(feature_maps, _checkpoint.path, _split.images[index], number)


def load_patch_sum(
    view: View, index: int, number: int, pixel: tuple[int, int, int]
) -> PatchSum | None:
    """Where a pixel, by channel, row and column, of a layer's maps of one image comes from."""
    path, image = view.run.checkpoint(view.epoch).path, view.split.images[index]
    return worker.call(patch_sum, path, image, number, *pixel)
