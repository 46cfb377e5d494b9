"""`Twins` as a line of JSON, for the way from one process to another."""

from __future__ import annotations

import base64
import io
from dataclasses import fields
from typing import Any

import numpy as np

from mnist_core.twins.found import Twins


def packed(twins: Twins) -> dict[str, Any]:
    """All that it says, arrays as an .npz file in base 64."""
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **twins.arrays)
    plain = {
        field.name: getattr(twins, field.name)
        for field in fields(twins)
        if field.name not in twins.arrays
    }
    return {**plain, "arrays": base64.b64encode(file.getvalue()).decode()}


def unpacked(message: dict[str, Any]) -> Twins:
    """What `packed` has packed."""
    plain = dict(message)
    with np.load(io.BytesIO(base64.b64decode(plain.pop("arrays"))), allow_pickle=False) as arrays:
        return Twins(**plain, **arrays)
