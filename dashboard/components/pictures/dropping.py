"""Where pictures come in: files dropped on the page, or the camera."""

import streamlit as st

from dashboard.components.shared.collected import MOST, collect
from dashboard.components.shared.long_work import long_work
from dashboard.drawing import words
from dashboard.loading.long_work import taking_job
from mnist_core.own.uploads import TakenUploads

_ROUND, _REFUSED = "pictures-round", "pictures-refused"
_MOST_SAID = 8


def dropping(class_names: tuple[str, ...]) -> None:
    """Let the visitor drop pictures or take one; what they hold is collected.

    Args:
        class_names: Name of each class that a picture can be named by.
    """
    # Each round takes other widgets, since a browser keeps the files that it has sent.
    now = st.session_state.setdefault(_ROUND, 0)
    files = st.file_uploader(
        "PNG or JPEG pictures, or a zip archive of them",
        type=["png", "jpg", "jpeg", "zip"],
        accept_multiple_files=True,
        key=f"pictures-files-{now}",
        help="Any number of digits in each, dark on light or light on dark. A picture named by its "
        "digit (7.png, 7-anna.png, 7/anna.png) is taken as that digit.",
    )
    photo = None
    if st.toggle("Camera", key="pictures-camera"):
        photo = st.camera_input("A photograph of digits", key=f"pictures-photo-{now}")
    sent = [(file.name, file.getvalue()) for file in files or ()]
    if photo is not None:
        sent.append(("photo.jpg", photo.getvalue()))
    if sent:
        taken = long_work(*taking_job(sent, class_names), is_kept=False)
        if taken is not None:
            _take(taken)
            st.session_state[_ROUND] = now + 1
            st.rerun()
    _say_refused()


def _take(taken: TakenUploads) -> None:
    left_out = collect(taken.digits)
    said = [f"{one.name}: {one.reason}" for one in taken.refused]
    if left_out:
        said.append(f"{left_out:,} digits found no room: at most {MOST:,} at a time. Keep some.")
    st.session_state[_REFUSED] = said


def _say_refused() -> None:
    said = st.session_state.get(_REFUSED, [])
    if not said:
        return
    lines = [words.plain(line) for line in said[:_MOST_SAID]]
    if len(said) > _MOST_SAID:
        lines.append(f"{len(said) - _MOST_SAID:,} more could not be read.")
    st.warning("\n\n".join(lines))
    st.button(
        "Close", key="pictures-refused-close", on_click=lambda: st.session_state.pop(_REFUSED)
    )
