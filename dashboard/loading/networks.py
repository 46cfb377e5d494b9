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


def load_feature_maps(view: View, index: int) -> tuple[LayerMaps, ...]:
    """What the layers of the model on show answer to one image of the split."""
    checkpoint, split = view.run.checkpoint(view.epoch), view.split
    return _load_feature_maps(checkpoint.fingerprint, split.fingerprint, index, checkpoint, split)


@st.cache_resource(max_entries=64, show_spinner="Looking through the layers …")
def _load_feature_maps(
    checkpoint_fingerprint: str,
    split_fingerprint: str,
    index: int,
    _checkpoint: Checkpoint,
    _split: Split,
) -> tuple[LayerMaps, ...]:
    return worker.call(feature_maps, _checkpoint.path, _split.images[index])
