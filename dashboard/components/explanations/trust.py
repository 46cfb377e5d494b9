"""How far the map on show can be trusted: checks of it, one at a time."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import numpy as np
import streamlit as st

from dashboard.components.explanations.display import MOST_SEED, ExplanationsDisplay
from dashboard.components.explanations.explained import (
    contrast_target,
    explained,
    is_mistake,
    target,
    unfit_in_words,
)
from dashboard.components.shared.long_work import long_work
from dashboard.components.shared.selection_widgets import selection_choice, selection_list
from dashboard.components.shared.signed_maps import map_gallery, signed_legend, signed_map
from dashboard.drawing import words
from dashboard.drawing.figures.covering import covering_figure
from dashboard.loading.trust import MOST_COMPARED, covering_job, shuffling_job
from dashboard.visit.view import View
from mnist_core.explainers import EXPLAINERS, Attribution, Target, find_explainer
from mnist_core.explainers.picture import limit_of
from mnist_core.explainers.trust import agreement, spread

_CHECKS = {
    "hidden": "None",
    "covering": "Cover and uncover",
    "methods": "Another method",
    "backgrounds": "Other backgrounds",
    "weights": "Random weights",
}
_SIZE = 150
_COLOURS = ("#1f6f78", "#c0504d")


def trust(view: View, index: int, display: ExplanationsDisplay) -> None:
    """Offer the checks of the map of one number, and show the chosen one.

    The number is the difference of a mistake's two classes or of the chosen ones, else what is
    explained of the predicted class.

    Args:
        view: What the page shows.
        index: Position of the opened image.
        display: How the page is displayed.
    """
    with st.container(key="trust"):
        uses = find_explainer(display.method).uses_background
        offered = {name: _CHECKS[name] for name in _CHECKS if uses or name != "backgrounds"}
        selection_choice("trust", "Can this map be trusted?", offered)
        check = _SHOWN.get(display.trust) if display.trust in offered else None
        if check is None:
            return
        asked = _one_number(view, index, display)
        found = explained(view, {index: asked}, display)
        if found is None:
            return
        st.caption(_checked(view, found[index]))
        with unfit_in_words():
            check(view, index, display, asked, found[index])


def _one_number(view: View, index: int, display: ExplanationsDisplay) -> Target:
    if display.of == "difference":
        return target(view, index, display)
    if is_mistake(view, index):
        return contrast_target(view, index)
    _, predicted = view.answers.cell_of(index)
    return target(view, index, display).of_some((predicted,))


def _checked(view: View, found: Attribution) -> str:
    names = [words.plain(view.class_names[label]) for label in found.classes]
    unit = words.explained_unit(found, view.answers.output)
    what = f"{names[0]} against {names[1]}" if len(names) == 2 else names[0]
    return f"What is checked is the map of {what} ({unit})."


def _covering(
    view: View, index: int, display: ExplanationsDisplay, asked: Target, found: Attribution
) -> None:
    job = covering_job(view, index, found, n=display.background, seed=display.seed)
    curves = long_work(*job)
    if curves is None:
        return
    unit = words.explained_unit(found, view.answers.output)
    left, right = st.columns(2, gap="medium")
    for place, title, curve, at_random, colour in (
        (left, "covered", curves.deletion, curves.random_deletion, _COLOURS[1]),
        (right, "uncovered", curves.insertion, curves.random_insertion, _COLOURS[0]),
    ):
        figure = covering_figure(
            curves.share,
            curve,
            at_random,
            x_title=f"Pixels {title}",
            y_title=unit.capitalize(),
            colour=colour,
        )
        place.plotly_chart(figure, key=f"curve-{title}", config={"displayModeBar": False})
    st.markdown(words.covered(curves, unit))
    st.caption(
        "Covered with the mean background image, 28 pixels at a time: first those that speak most "
        "for the answer. Grey: twenty random orders, and their mean."
    )


def _methods(
    view: View, index: int, display: ExplanationsDisplay, asked: Target, found: Attribution
) -> None:
    same = (display.method, found.method)  # the latter may stand in
    others = {name: one.title for name, one in EXPLAINERS.items() if name not in same}
    beside = display.beside if display.beside in others else next(iter(others))
    selection_list("beside", "Beside it", others)
    other = explained(view, {index: asked}, replace(display, method=beside))
    if other is None:
        return
    method = find_explainer(other[index].method)
    if method.name == found.method:
        why = words.plain(other[index].instead)
        st.info(f"{method.title} made this map and would stand in there, too. {why}")
        return
    # Each on its own scale: what covering changes is not what slopes add up to.
    _each_by_itself(
        view, index, {find_explainer(found.method).title: found, method.title: other[index]}
    )
    st.markdown(words.maps_alike(agreement(found.values[0], other[index].values[0]), method.title))


def _backgrounds(
    view: View, index: int, display: ExplanationsDisplay, asked: Target, found: Attribution
) -> None:
    seeds = [(display.seed + more) % (MOST_SEED + 1) for more in range(3)]
    maps = {f"seed {seeds[0]}": found}
    for seed in seeds[1:]:
        other = explained(view, {index: asked}, replace(display, seed=seed))
        if other is None:
            return
        maps[f"seed {seed}"] = other[index]
    three = [one.values[0] for one in maps.values()]
    deviation = spread(list(maps.values()))
    # On the scale of the maps, so that what hardly differs is pale.
    spread_map = replace(found, values=deviation, base_value=np.full_like(found.base_value, np.nan))
    _side_by_side(view, index, {**maps, "standard deviation": spread_map})
    st.markdown(
        words.steady(
            [agreement(one, other).rank_correlation for one, other in combinations(three, 2)],
            float(np.abs(np.mean(three, axis=0)).max()),
            float(deviation.max()),
        )
    )


def _weights(
    view: View, index: int, display: ExplanationsDisplay, asked: Target, found: Attribution
) -> None:
    job = shuffling_job(
        view, index, asked, method=found.method, n=display.background, seed=display.seed
    )
    other = long_work(*job)
    if other is None:
        return
    # Each on its own scale: what is shuffled answers in other numbers.
    _each_by_itself(view, index, {"as it is": found, "with shuffled weights": other})
    st.markdown(words.shuffled(agreement(found.values[0], other.values[0])))
    if find_explainer(found.method).uses_background and display.background > MOST_COMPARED:
        st.caption(f"The shuffled model is compared with the first {MOST_COMPARED} images.")


def _each_by_itself(view: View, index: int, maps: dict[str, Attribution]) -> None:
    for place, (title, one) in zip(st.columns(2, gap="medium"), maps.items(), strict=True):
        with place:
            _side_by_side(view, index, {title: one})


def _side_by_side(view: View, index: int, maps: dict[str, Attribution]) -> None:
    """Maps of one number on one scale."""
    limit = limit_of(np.stack([one.values[0] for one in maps.values()]))
    under = view.split.images[index]
    drawn = [
        signed_map(one.values[0], limit=limit, label=f"Image {index}, {title}", under=under)
        for title, one in maps.items()
    ]
    map_gallery(drawn, list(maps), size=_SIZE)
    first = next(iter(maps.values()))
    unit = words.explained_unit(first, view.answers.output)
    signed_legend(limit, f"of {unit} in one pixel", ends=("against", "for"))


_SHOWN: dict[str, Callable[..., None]] = {
    "covering": _covering,
    "methods": _methods,
    "backgrounds": _backgrounds,
    "weights": _weights,
}
