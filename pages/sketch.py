import streamlit as st

st.title("sketch")
