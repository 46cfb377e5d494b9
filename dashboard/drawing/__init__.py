"""Arrays in, charts, tables of buttons, pictures and words out; nothing here knows Streamlit."""
