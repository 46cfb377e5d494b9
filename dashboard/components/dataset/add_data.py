"""A data set of one's own: files sent, a name, and how far it is."""

import streamlit as st

from dashboard.components.shared.long_work import long_work
from dashboard.drawing import words
from dashboard.loading.long_work import LongWork, add_job
from dashboard.visit import state
from mnist_core.adding import MOST_BYTES, Uploaded
from mnist_core.datasets import Pixels, added
from mnist_core.errors import MnistLensError

_ASKED, _SAID, _ROUND = "asked-to-add", "said-of-adding", "adding-round"
_MOST_SAID = 5
_MOST_MB = MOST_BYTES // 1_000_000
_MOST_MB_A_FILE = 50
_BROUGHT: dict[Pixels, str] = {
    "pictures": "pictures, by averaging",
    "digits": "digits, scaled and centred",
}


def add_data() -> None:
    """Ask for files and a name, or show how far they are."""
    if _ASKED in st.session_state:
        _wait(*st.session_state[_ASKED])
        return
    _ask()
    if _SAID in st.session_state:
        say, news = st.session_state.pop(_SAID)
        say(news)


def _ask() -> None:
    # Each wish takes new widgets, since a browser keeps the files that it has sent.
    key = f"add-{st.session_state.setdefault(_ROUND, 0)}"
    files = st.file_uploader(
        "An .npz file, IDX files, or a zip archive with a folder of pictures for each class",
        accept_multiple_files=True,
        max_upload_size=_MOST_MB_A_FILE,
        key=f"{key}-files",
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input("Name", max_chars=40, placeholder="my-digits", key=f"{key}-name")
        title = st.text_input("Title", max_chars=80, placeholder="My digits", key=f"{key}-title")
        classes = st.text_input(
            "Class names", max_chars=2_000, placeholder="cat, dog", key=f"{key}-classes"
        )
    pixels: Pixels | None = None
    if any(file.name.lower().endswith(".zip") for file in files):
        pixels = st.segmented_control(
            "Its pictures become 28×28 as",
            list(_BROUGHT),
            format_func=_BROUGHT.__getitem__,
            default="pictures",
            required=True,
            key=f"{key}-pixels",
        )

    def ask() -> None:
        try:
            added.check_free(name.strip())
        except MnistLensError as error:
            st.session_state[_SAID] = st.error, words.plain(str(error))
            return
        work = add_job(
            name.strip(),
            [Uploaded(file.name, file.getbuffer()) for file in files],
            title=title.strip(),
            class_names=[part.strip() for part in classes.split(",") if part.strip()],
            pixels=pixels,
        )
        st.session_state[_ASKED] = name.strip(), work

    st.button("Add", key=f"{key}-add", on_click=ask, disabled=not files, type="primary")
    st.caption(
        f"At most {_MOST_MB} MB together; larger ones and folders on the command line: "
        "mnist-lens data add NAME SOURCE. Without a validation split one in twelve of each class "
        "of train becomes one. Names of small letters, digits and dashes; title and class names "
        "may be left out."
    )


def _wait(name: str, work: LongWork[tuple[tuple[str, ...]]]) -> None:
    try:
        made = long_work(*work, preparing="Reading the files", is_kept=False)
    except MnistLensError as error:
        _end(st.error, words.plain(str(error)))
        st.rerun()
    if made is None:
        st.button("Choose other files", key="add-other", on_click=_end)
        return
    (left_out,) = made
    _end(st.success, _news(name, left_out))
    state.choose(data=name, split=None, image=None, true=None)
    st.rerun()


def _end(*said: object) -> None:
    st.session_state.pop(_ASKED, None)
    st.session_state[_ROUND] += 1
    if said:
        st.session_state[_SAID] = said


def _news(name: str, left_out: tuple[str, ...]) -> str:
    if not left_out:
        return f"{words.plain(name)} was added."
    n = len(left_out)
    told = "\n".join(f"- {words.plain(sentence)}" for sentence in left_out[:_MOST_SAID])
    more = f"\n- {n - _MOST_SAID:,} more" if n > _MOST_SAID else ""
    without = f"{n:,} picture{'' if n == 1 else 's'} that cannot be read"
    return f"{words.plain(name)} was added without {without}:\n\n{told}{more}"
