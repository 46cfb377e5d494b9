"""Where the chosen pixel of a map comes from: patch × kernel = sum, with the numbers."""

from html import escape

import numpy as np
import streamlit as st

from dashboard.components.network.written import Pixel
from dashboard.components.shared.signed_maps import signed_map
from mnist_core.explainers.picture import AGAINST, FOR
from mnist_core.inference.feature_maps import LayerMaps
from mnist_core.inference.layer_stages import Stage
from mnist_core.inference.patch_sums import PatchSum

MOST_SIDE, MOST_ROWS = 5, 6
"""A kernel of more rows is shown without its numbers, and of several inputs so many rows at most:
of those that add most to the sum, or take most off."""


def pixel_sum(layer: LayerMaps, pixel: Pixel, found: PatchSum | None) -> None:
    """Show it.

    Args:
        layer: What the layer answers.
        pixel: The chosen one.
        found: Where it comes from; `None` where it is no sum over one patch.
    """
    stage, (channel, row, column) = layer.stage, pixel
    value = float(layer.maps[channel, row, column])
    if not stage.has_maps:
        st.markdown(f"**Unit {channel}** answers {_number(value)}.")
    else:
        st.markdown(f"**Map {channel}, row {row}, column {column}** is {_number(value)}.")
    if found is None:
        st.caption(_why_none(stage))
        return
    sums = found.products.sum(axis=(1, 2))
    n_shown = max(1, MOST_ROWS // found.patch.shape[1])
    shown = np.argsort(-np.abs(sums), kind="stable")[:n_shown]
    rows = "".join(_row(found, int(k), float(sums[k])) for k in shown)
    st.html(f'<div class="patch-sum">{rows}</div>')
    rest = float(sums.sum() - sums[shown].sum())
    st.markdown(_in_words(found, stage, len(sums) - len(shown), rest))


def _why_none(stage: Stage) -> str:
    if stage.kind == "Dense":
        return (
            "A unit of a dense layer is a sum over all that the layer is given, not over a patch."
        )
    return f"{stage.kind} computes no sum over one patch, so there is no kernel to show."


def _in_words(found: PatchSum, stage: Stage, others: int, rest: float) -> str:
    if found.is_pooling:
        which = "the largest of the patch" if found.is_maximum else "the mean of the patch"
        return f"{_number(found.value)} is {which}."
    more = f" and the other {others:,} inputs ({_signed(rest)})" if others > 0 else ""
    function = f"; {stage.activation} makes it {_number(found.value)}" if stage.activation else ""
    return f"With the bias ({_signed(found.bias)}){more}: {_number(found.total)}{function}."


def _row(found: PatchSum, k: int, total: float) -> str:
    patch, kernel, product = found.patch[k], found.kernel[k], found.products[k]
    parts = [
        _part(patch, "patch", _largest(found.patch)),
        "<span>×</span>",
        _part(kernel, "share" if found.is_pooling else "kernel", _largest(found.kernel)),
        "<span>=</span>",
        _part(product, f"product, sum {_number(total)}", _largest(found.products)),
    ]
    name = f"Input {found.channels[k]}"
    return f"<div><b>{name}</b>{''.join(parts)}</div>"


def _part(values: np.ndarray, what: str, limit: float) -> str:
    if max(values.shape) > MOST_SIDE:
        picture = signed_map(np.nan_to_num(values), limit=limit, label=what, under=None)
        return f'<figure class="picture">{picture}<figcaption>{what}</figcaption></figure>'
    rows = "".join(
        "<tr>" + "".join(_cell(float(value), limit) for value in row) + "</tr>" for row in values
    )
    return f"<figure><table>{rows}</table><figcaption>{escape(what)}</figcaption></figure>"


def _cell(value: float, limit: float) -> str:
    if np.isnan(value):
        return '<td class="beyond" title="Beyond the edge">·</td>'
    red, green, blue = FOR if value > 0 else AGAINST
    share = min(abs(value) / limit, 1) * 0.55  # so that the number stays readable
    return f'<td style="background:rgba({red},{green},{blue},{share:.2f})">{_number(value)}</td>'


def _largest(values: np.ndarray) -> float:
    return float(np.nanmax(np.abs(values))) or 1.0


def _number(value: float) -> str:
    text = f"{value:.2f}" if abs(value) < 100 else f"{value:.0f}"
    return text.replace("-", "−") if float(text) else text.lstrip("-")


def _signed(value: float) -> str:
    text = _number(value)
    return text if text.startswith("−") else f"+{text}"
