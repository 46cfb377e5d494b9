"""The template that all charts share, for light and dark pages."""

import plotly.graph_objects as go

# A middle grey reads on both papers; Streamlit adds the page's font and text colours.
GRID = "rgba(128, 136, 140, 0.25)"
ACCENT = "#2a9aa3"
QUIET = "rgba(128, 136, 140, 0.55)"

TEMPLATE = go.layout.Template(
    layout=go.Layout(
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        xaxis={"gridcolor": GRID, "zeroline": False, "automargin": True},
        yaxis={"gridcolor": GRID, "zeroline": False, "automargin": True},
        hoverlabel={"align": "left"},
        showlegend=False,
    )
)
