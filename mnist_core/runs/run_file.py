"""What a run says of itself, in run.json."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mnist_core import atomic


def write_details(folder: Path, details: Mapping[str, Any]) -> None:
    """Write run.json, whole or not at all."""
    atomic.write_text(folder / "run.json", json.dumps(details, indent=2) + "\n")
