"""The menu: the pages in their groups, at the top of the sidebar."""

from itertools import groupby
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard.navigation import SITE_MAP, PageEntry

_mount = st.components.v2.component(
    "mnist_lens.menu", js=Path(__file__).with_suffix(".js").read_text()
)


def menu() -> tuple[PageEntry, StreamlitPage]:
    """Show it.

    It is made of page links, since the browser redraws Streamlit's own menu with every message
    that comes after a click.

    Returns:
        The page that the address names: its entry in the site map, and its script.
    """
    pages = [_page(entry) for entry in SITE_MAP]
    page = st.navigation(pages, position="hidden")
    with st.sidebar, st.container(key="menu"):
        for group, entries in groupby(zip(SITE_MAP, pages, strict=True), lambda one: one[0].group):
            st.caption(group)
            for _, linked in entries:
                st.page_link(linked)
        _mount(key="menu-links", data={"open": pages.index(page), "pages": len(pages)}, height=1)
    return SITE_MAP[pages.index(page)], page


def _page(entry: PageEntry) -> StreamlitPage:
    return st.Page(
        entry.path,
        title=entry.title,
        icon=f":material/{entry.icon}:",
        url_path=entry.url_path,
        default=not entry.url_path,
    )
