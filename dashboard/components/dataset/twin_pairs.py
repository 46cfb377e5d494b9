"""Twins across the splits of a data set: how many there are, and side by side."""

from html import escape
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from dashboard.components.shared.digit import digits_html
from dashboard.components.shared.long_work import long_work
from dashboard.drawing import words
from dashboard.loading.long_work import twins_job
from dashboard.visit import state
from dashboard.visit.selection import Selection
from mnist_core.datasets import Outline
from mnist_core.twins import Twins, split_pairs

_PIXELS = 84


def twin_pairs(outline: Outline) -> None:
    """Look for them and show what was found."""
    if not split_pairs(outline.sizes):
        st.info(f"{outline.title} has one split alone, so no image lies in two of them.")
        return
    found = long_work(*twins_job(outline), preparing="Reading the images")
    if found is None:
        return
    st.markdown("\n".join(f"- {words.twins_found(twins)}" for twins in found))
    for twins in found:
        if twins.n_twins:
            _pairs(twins, outline)
    st.caption(words.twins_rule())


def _pairs(twins: Twins, outline: Outline) -> None:
    listed = len(twins.positions)
    of_all = "" if listed == twins.n_twins else f", the first {listed:,} of {twins.n_twins:,}"
    unlike = ", those of different classes first" if twins.n_unlike else ""
    st.caption(f"{twins.split} beside {twins.other}{of_all}{unlike}")
    pairs = "".join(_pair(twins, place, outline) for place in range(listed))
    st.html(f'<div class="twin-pairs">{pairs}</div>')


def _pair(twins: Twins, place: int, outline: Outline) -> str:
    sides = (
        (twins.split, twins.positions[place], twins.labels[place], twins.images[place]),
        (twins.other, twins.others[place], twins.other_labels[place], twins.other_images[place]),
    )
    links = "".join(_side(*side, outline) for side in sides)
    is_unlike = twins.labels[place] != twins.other_labels[place]
    mark = "<b>Different classes</b><br>" if is_unlike else ""
    apart = words.twins_apart(twins.apart[place], twins.shifts[place])
    kind = ' class="unlike"' if is_unlike else ""
    return f"<figure{kind}><div>{links}</div><figcaption>{mark}{apart}</figcaption></figure>"


def _side(split: str, position: int, label: int, image: np.ndarray, outline: Outline) -> str:
    there = Selection(data=outline.name, split=split, image=int(position), true=int(label))
    address = escape(f"dataset?{urlencode(state.query_of('dataset', there))}")
    name = escape(outline.class_names[label])
    picture = digits_html(image[None], f"{split} {position}, {outline.class_names[label]}", _PIXELS)
    return f'<a href="{address}" target="_self">{picture}{name}<br>{split} #{position}</a>'
