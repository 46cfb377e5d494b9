"""As little as can answer a click: a hundred buttons and one picture, in one fragment."""

import base64
import io

import numpy as np
import streamlit as st
from PIL import Image

grid = st.components.v2.component(
    "bare.grid",
    html="".join(
        f'<button data-true="{number // 10}" data-predicted="{number % 10}">{number}</button>'
        for number in range(100)
    ),
    js="""export default function ({ parentElement, setTriggerValue }) {
      for (const button of parentElement.querySelectorAll("button")) {
        button.onclick = () => setTriggerValue("cell", +button.textContent);
      }
    }""",
)


@st.fragment
def body() -> None:
    number = grid(key="cells", on_cell_change=lambda: None).cell or 0
    file = io.BytesIO()
    Image.fromarray(np.full((28, 28), number, np.uint8)).save(file, "PNG")
    picture = base64.b64encode(file.getvalue()).decode()
    with st.container(key="picture"):
        st.html(f'<img data-index="{number}" src="data:image/png;base64,{picture}">')


st.title("Bare")
body()
