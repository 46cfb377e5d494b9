"""The browser's address, completed in place: to arrive leaves one step of history, not two."""

import itertools
from urllib.parse import urlencode

import streamlit as st

_mount = st.components.v2.component(
    "mnist_lens.address",
    js="""
export default function ({ data, parentElement }) {
  if (parentElement.lastArrival === data.arrival) return;
  parentElement.lastArrival = data.arrival;
  // The visitor may have gone on before this was loaded: then the address is not ours any more.
  const sorted = (query) => [...new URLSearchParams(query)].sort().toString();
  if (sorted(window.location.search) !== sorted(data.arrivedWith)) return;
  const address = `${window.location.pathname}?${data.query}`;
  window.history.replaceState(window.history.state, "", address);
}
""",
)
_arrivals = itertools.count()


def complete_address(query: dict[str, str]) -> None:
    """Let the browser's address say `query`, without a step for the back button.

    `st.query_params` would add one, and the first press of Back would seem to do nothing.
    """
    data = {
        "query": urlencode(query),
        "arrivedWith": urlencode(st.query_params.to_dict()),
        "arrival": next(_arrivals),
    }
    with st.sidebar:  # at its end, where an empty element moves nothing
        _mount(key="address", data=data, height=1)
