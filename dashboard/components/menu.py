"""The menu: the pages in their groups, at the top of the sidebar."""

from itertools import groupby

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard.navigation import SITE_MAP, PageEntry


def menu() -> StreamlitPage:
    """Show it.

    The links are ours, since the browser draws Streamlit's own menu anew with every message that
    comes after a click.

    Returns:
        The page that the address names.
    """
    pages = {entry: _page(entry) for entry in SITE_MAP}
    with st.sidebar, st.container(key="menu"):
        for group, entries in groupby(SITE_MAP, key=lambda entry: entry.group):
            st.caption(group)
            for entry in entries:
                st.page_link(pages[entry])
    return st.navigation(list(pages.values()), position="hidden")


def _page(entry: PageEntry) -> StreamlitPage:
    return st.Page(
        entry.path,
        title=entry.title,
        icon=entry.icon,
        url_path=entry.url_path,
        default=not entry.url_path,
    )
