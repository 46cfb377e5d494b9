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

# Okabe and Ito (2008), safe for the colour-blind; a violet in place of their black, which dark
# paper swallows, and a darker yellow, which light paper would.
PALETTE = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#CC79A7",
    "#56B4E9",
    "#D55E00",
    "#B0A030",
    "#8E6BD8",
)

SPLIT_COLOURS = {"train": PALETTE[0], "validation": PALETTE[1], "test": PALETTE[2]}
