"""Which epoch a model file belongs to, by its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

MOST_EPOCHS = 10_000

_NAMED = re.compile(r"(?:epoch|ep|cp|ckpt|checkpoint|weights|model)[-_. ]?(\d+)", re.IGNORECASE)
_ANY = re.compile(r"\d+")


def by_epoch(models: Sequence[Path], *, n_logged: int) -> tuple[dict[int, Path], list[str]]:
    """Model files by epoch, counted from 1, and a sentence on each that has none of its own.

    The epoch is the number behind a word like `epoch` or `cp` in the file's name, else the first
    number there; where the smallest is 0, all are counted one up. A model alone whose name does not
    say `epoch` or the like counts as the last epoch of the log, or as epoch 1 without one.

    Args:
        models: One or more.
        n_logged: Epochs in the log, 0 without one.
    """
    if len(models) == 1 and not _NAMED.search(models[0].stem):
        return {max(n_logged, 1): models[0]}, []
    found: dict[int, Path] = {}
    left_out = []
    for model in models:
        match = _NAMED.search(model.stem) or _ANY.search(model.stem)
        number = None if match is None else int(match[match.lastindex or 0])
        if number is None or number > MOST_EPOCHS:
            left_out.append(
                f"{model.name}: Expected its epoch, up to {MOST_EPOCHS:,}, in the file's "
                f"name. Received: none. Rename it, e.g. epoch-07{model.suffix}."
            )
        elif number in found:
            left_out.append(
                f"{model.name}: Expected one model of each epoch. Received: also "
                f"{found[number].name}. Rename one of them."
            )
        else:
            found[number] = model
    up = 1 if 0 in found else 0
    return {number + up: model for number, model in found.items()}, left_out
