"""An explanation as a job: every block a call of a worker, the same as one computed here."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dashboard.work import worker
from dashboard.work.explaining import Asked, explaining
from mnist_core.datasets import Dataset
from mnist_core.explainers import EXPLAINERS, Target
from mnist_core.files.cache_files import EXPLANATIONS
from mnist_core.runs import Run


def test_images_are_explained_block_by_block_in_the_workers_and_kept(
    tiny_run: Run, mnist_5k: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MNIST_LENS_CACHE", str(tmp_path))
    calls: list[Callable[..., Any]] = []

    def call(function: Callable[..., Any], *arguments: Any) -> Any:
        calls.append(function)
        return function(*arguments)

    monkeypatch.setattr(worker, "call", call)
    explainer, split = EXPLAINERS["deep-shap"], mnist_5k.split("validation")
    checkpoint, background = tiny_run.checkpoint(3), split.images[:4]
    asked = {70: Asked(split.images[70]), 5: Asked(split.images[5], Target("probability", (3, 8)))}
    work = explaining(explainer, checkpoint, asked, background)
    told: list[float] = []
    found = work(lambda done, total: told.append(done / total))
    assert calls == [explainer.explain_block] * 2
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0, 1)
    assert list(found) == [70, 5]
    assert [path.name for path in tmp_path.iterdir()] == [EXPLANATIONS.kind]
    assert found[70].classes == tuple(range(10))
    assert found[5].classes == (3, 8)
    alone = explainer.explain(checkpoint.path, split.images[5], background, classes=(3, 8))
    np.testing.assert_allclose(found[5].values, alone.values, atol=1e-6)
    again = work(lambda done, total: None)
    assert len(calls) == 2
    assert np.array_equal(again[5].values, found[5].values)
