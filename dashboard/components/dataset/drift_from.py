"""How the split on show differs from another one, which the visitor chooses."""

import streamlit as st

from dashboard.components.shared.drift_table import drift_table
from dashboard.components.shared.selection_widgets import selection_list
from dashboard.loading.drift import Place, is_weighted, load_drift, places_to_compare
from dashboard.loading.images import load_outline


def drift_from(here: Place, against: str) -> None:
    """Choose the other split and see in which measures they differ.

    Args:
        here: The split on show.
        against: The chosen one as data set/split; the proposed one stands in for what is not there.
    """
    places = places_to_compare(here)
    if not places:
        st.info("There is no other split to hold this one against.")
        return
    names = {text: _name(place, here) for text, place in places.items()}
    selection_list("against", "Held against", names)
    chosen = against if against in places else next(iter(places))
    there = places[chosen]
    drift_table(
        load_drift(here, there),
        group=_name(here, there),
        reference=names[chosen],
        is_weighted=is_weighted(here, there),
        key="drift",
    )


def _name(place: Place, here: Place) -> str:
    if place.data == here.data:
        return place.split
    return f"{load_outline(place.data).title} {place.split}"
