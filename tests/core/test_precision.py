"""Models that compute in half or in double precision answer and are explained as in single."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mnist_core.datasets import Dataset
from mnist_core.explainers import EXPLAINERS, background
from mnist_core.inference.prediction import predict


def save(path: Path, precision: str) -> Path:
    """A small network, with the same random weights in each precision."""
    import keras
    from keras import layers

    model = keras.Sequential(
        [
            layers.Input((28, 28)),
            layers.Rescaling(1 / 255, dtype=precision),
            layers.Reshape((28, 28, 1), dtype=precision),
            layers.Conv2D(4, 3, activation="relu", dtype=precision),
            layers.MaxPooling2D(dtype=precision),
            layers.LayerNormalization(dtype=precision),
            layers.Flatten(dtype=precision),
            layers.Dense(10, "softmax", dtype=precision),
        ]
    )
    random = np.random.default_rng(0)
    model.set_weights([random.normal(0, 0.2, weight.shape) for weight in model.weights])
    path.mkdir()
    model.save(path / "epoch-01.keras")
    return path / "epoch-01.keras"


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save(tmp_path_factory.mktemp("precision") / "float32", "float32")


@pytest.mark.parametrize("precision", ["mixed_float16", "float16", "float64"])
def test_answers_are_in_single_precision(
    precision: str, single: Path, tmp_path: Path, mnist_5k: Dataset
) -> None:
    images = mnist_5k.split("validation").images[:5]
    found = predict(save(tmp_path / precision, precision), images)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, predict(single, images), atol=5e-3)


@pytest.mark.parametrize("precision", ["mixed_float16", "float64"])
@pytest.mark.parametrize("method", ["deep-shap", "grad-cam"])
def test_maps_are_almost_those_of_single_precision(
    method: str, precision: str, single: Path, tmp_path: Path, mnist_5k: Dataset
) -> None:
    split = mnist_5k.split("validation")
    explain, few = EXPLAINERS[method].explain, background(split, n=4, seed=0)
    expected = explain(single, split.images[555], few).values
    found = explain(save(tmp_path / precision, precision), split.images[555], few).values
    share = 0.05 if precision == "mixed_float16" else 1e-4
    assert np.abs(found - expected).max() < share * np.abs(expected).max()
