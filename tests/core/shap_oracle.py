"""Explains models by `shap.DeepExplainer` alone, each in a process of its own.

    python shap_oracle.py INPUTS.npz MODEL.keras ...

INPUTS holds `image` and `background`. Beside each model comes an `.npz` with `values` of shape
(classes, 28, 28) and `base_value`; or, where shap cannot explain the model, a `.txt` that says why.
"""

import os
import sys
import warnings
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np

warnings.simplefilter("ignore")
import shap  # noqa: E402 - it warns as it is imported


def explain(model_file: Path, image: np.ndarray, background: np.ndarray) -> None:
    """Write beside a model what SHAP makes of it."""
    model = keras.saving.load_model(model_file)
    try:
        explainer = shap.DeepExplainer(model, background.astype(np.float32))
        given = image[np.newaxis].astype(np.float32)
        values = explainer.shap_values(given, check_additivity=False)
    except Exception as error:  # noqa: BLE001 - it fails in as many ways as it finds
        model_file.with_suffix(".txt").write_text(f"{type(error).__name__}: {error}")
        return
    values = np.moveaxis(values[0], -1, 0)
    base_value = np.asarray(explainer.expected_value)
    np.savez(model_file.with_suffix(".npz"), values=values, base_value=base_value)


def main(inputs: str, *model_files: str) -> None:
    """Explain each model in a process of its own, which has imported all it needs."""
    with np.load(inputs) as stored:
        image, background = stored["image"], stored["background"]
    for model_file in map(Path, model_files):
        child = os.fork()
        if child == 0:
            explain(model_file, image, background)
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
