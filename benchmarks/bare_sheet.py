"""As little as can answer a stroke: a sheet of the same package and ten bars, in one fragment."""

import plotly.graph_objects as go
import streamlit as st
from streamlit_drawable_canvas import st_canvas

SIDE = 448
SHEETS = "sheets"


@st.fragment
def body() -> None:
    number = st.session_state.setdefault(SHEETS, 0)
    with st.container(key="sketch-canvas"):
        drawn = st_canvas(
            stroke_width=28,
            height=SIDE,
            width=SIDE,
            return_image_data=True,
            key=f"sheet-{number}",
        )
    st.button("Clear", on_click=lambda: st.session_state.update({SHEETS: number + 1}))
    if drawn.image_data is None or not drawn.image_data[..., 3].any():
        return
    with st.container(key="bars"):
        ink = drawn.image_data[: SIDE // 10 * 10, :, 3].reshape(10, -1).mean(axis=1)
        figure = go.Figure(go.Bar(x=ink, y=[str(row) for row in range(10)], orientation="h"))
        figure.update_xaxes(range=[0, 255])
        st.plotly_chart(figure, key="bars-figure", config={"displayModeBar": False})


st.title("Bare")
body()
