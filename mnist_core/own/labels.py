"""The class that the name of a picture says."""

import re
from collections.abc import Sequence
from pathlib import PurePath

_SEPARATOR = re.compile(r"[-_ (]")


def label_in(name: str, class_names: Sequence[str]) -> int | None:
    """The class in a name: `7/anna.png`, `7.png`, `7-anna.png`; `None` where there is none.

    Its folder says it, if that is called as a class is; otherwise its own name, whole or up to a
    dash, underscore, space or bracket. `IMG_7.png` and `2024-photo.png` say nothing.

    Args:
        name: With or without folders.
        class_names: Name of each class; capitals count only where two differ in nothing else.
    """
    path = PurePath(name)
    starts = [path.stem[: match.start()] for match in _SEPARATOR.finditer(path.stem)]
    for said in (path.parent.name, path.stem, *reversed(starts)):
        found = _class_called(said, class_names)
        if found is not None:
            return found
    return None


def _class_called(said: str, class_names: Sequence[str]) -> int | None:
    if said in class_names:
        return class_names.index(said)
    same = [at for at, name in enumerate(class_names) if name.casefold() == said.casefold()]
    return same[0] if len(same) == 1 else None
