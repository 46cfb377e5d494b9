"""The script of every visit: page settings, selection from the URL, sidebar, then the page."""

from pathlib import Path

import streamlit as st

from dashboard.components.frame.address import complete_address
from dashboard.components.frame.menu import menu
from dashboard.components.frame.sidebar import sidebar
from dashboard.components.frame.style import page_style
from dashboard.drawing import words
from dashboard.navigation import SITE_MAP
from dashboard.visit import state
from dashboard.visit.repair import settle

HERE = Path(__file__).parent

st.set_page_config(page_title="MNIST Lens", page_icon=str(HERE / "logo.svg"), layout="wide")
page_style()
st.logo(str(HERE / "wordmark.svg"), size="large", icon_image=str(HERE / "logo.svg"))

entry, page = menu()

wanted, display, unread = state.arrive(
    entry.url_path, {entry.url_path: entry.display for entry in SITE_MAP}
)
visit, replaced = settle(wanted, display)
query = state.keep(visit)
sidebar(visit)
if st.query_params.to_dict() != query:
    complete_address(query)
for note in (*unread, *replaced):
    st.warning(words.plain(note))
page.run()
