"""The dashboard: what lies between the core library and the pages.

Where to look:

- `app`: the server that `streamlit run` starts.
- `frame`: the script that every visit runs.
- `navigation`: the site map, one line per page.
- `visit`: what a visitor looks at, taken from address and session, settled, loaded for the page.
- `loading`: names in, core objects out, each once for all visitors.
- `work`: the processes in which models run, and long work that goes on beside the pages.
- `drawing`: arrays in; charts, tables of buttons, pictures and sentences out.
- `report`: a view as one HTML file.
- `components`: what the visitor can see and touch, shared or of one page.

Which of them may import which stands in docs/architecture.md.
"""
