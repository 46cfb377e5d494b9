"""What the images of the chosen cell have in common, in sentences and three pictures."""

from dataclasses import replace
from html import escape

import numpy as np
import streamlit as st

from dashboard.components.shared.digit import detail_link, digits_html
from dashboard.drawing import words
from dashboard.loading.images import load_shapes
from dashboard.visit.view import Cell, View
from mnist_core.answers.dossier import compile_dossier

SIDE = 56


def cell_dossier(view: View, cell: Cell) -> None:
    """Show it for a cell, a row or a column of mistakes that has images; nothing otherwise."""
    true, predicted = cell
    if cell == (None, None) or not len(view.counted.find(true, predicted)):
        return
    answers, images = view.answers, view.split.images
    counted = view.counted_positions
    shapes = load_shapes(view).at(counted)
    dossier = compile_dossier(
        view.counted, view.counted_images, shapes, true=true, predicted=predicted
    )
    mean = np.rint(dossier.mean_image).astype(np.uint8)
    shown = [_figure(digits_html(mean[None], "Mean image", SIDE), "mean image")]
    for position, name in ((dossier.typical, "most typical"), (dossier.oddest, "oddest")):
        position = int(counted[position])
        caption = f"{name}: {words.image_caption(answers, position, view.class_names)}"
        there = replace(view.selection, image=position)
        digit = digits_html(images[position][None], caption, SIDE)
        shown.append(_figure(detail_link(digit, there, caption), name))
    sentences = " ".join(words.cell_dossier(dossier, view.class_names, answers.output))
    if not view.outline.shows_strokes:
        sentences += " Thickness and slant of strokes are measured of written characters alone."
    st.html(f'<div class="dossier-pictures">{"".join(shown)}</div><p>{escape(sentences)}</p>')


def _figure(content: str, caption: str) -> str:
    return f"<figure>{content}<figcaption>{caption}</figcaption></figure>"
