"""The script of every visit: page settings, selection from the URL, sidebar, then the page."""

from itertools import groupby
from pathlib import Path

import streamlit as st

from dashboard import nearest, state, words
from dashboard.components.address import complete_address
from dashboard.components.sidebar import sidebar
from dashboard.components.style import page_style
from dashboard.navigation import SITE_MAP

HERE = Path(__file__).parent

st.set_page_config(page_title="MNIST Lens", page_icon=str(HERE / "logo.svg"), layout="wide")
page_style()
st.logo(str(HERE / "wordmark.svg"), size="large", icon_image=str(HERE / "logo.svg"))

pages = {
    group: [
        st.Page(
            entry.path,
            title=entry.title,
            icon=entry.icon,
            url_path=entry.url_path,
            default=not entry.url_path,
        )
        for entry in entries
    ]
    for group, entries in groupby(SITE_MAP, key=lambda entry: entry.group)
}
page = st.navigation(pages)

wanted, unread = state.arriving()
found, replaced = nearest.nearest(wanted)
state.keep(found)
sidebar()
if st.query_params.to_dict() != found.query():
    complete_address(found.query())
for note in (*unread, *replaced):
    st.warning(words.plain(note))
page.run()
