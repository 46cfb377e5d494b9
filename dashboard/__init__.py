"""The dashboard: what lies between the core library and the pages.

Where to look:

- `app`: the server that `streamlit run` starts; `frame`: the script that every visit runs.
- `navigation`: the site map; `state`: the visitor's `Selection` and its mirror in the URL.
- `loaders`: names in, core objects out; `worker`: the processes in which models run.
- `figures`: arrays in, charts out; `components`: what the visitor can touch.
- `words`: numbers and findings as people write them.
"""
