"""The shap library, imported where a method is computed by it: that takes seconds."""

from __future__ import annotations

import warnings
from types import ModuleType


def import_shap() -> ModuleType:
    """The library, without what it makes other libraries warn of."""
    with warnings.catch_warnings():
        # SHAP's to mend: how it makes colour maps.
        warnings.filterwarnings("ignore", r"The set_\w+ function", PendingDeprecationWarning)
        import shap

    return shap
