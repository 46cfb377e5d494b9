"""`mnist-lens explain`: what is asked for, who explains it, and what the files hold."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from mnist_core.commands.main import main
from mnist_core.errors import UnfitMethodError
from mnist_core.explainers import EXPLAINERS, Attribution, Explainer, Target
from mnist_core.explainers.gradients import answers, gradients
from mnist_core.explainers.picture import row_of_maps
from mnist_core.inference.prediction import predict

ASKED = ("explain", "tiny", "--index", "7", "--data", "mnist-5k")


class Outcome(NamedTuple):
    code: int | None
    out: str
    err: str


@pytest.fixture
def mnist_lens(tiny_run, monkeypatch, capsys) -> Callable[..., Outcome]:
    """A function that runs the command line in this process, with `tiny_run` alone."""
    monkeypatch.setenv("MNIST_LENS_MODELS", str(tiny_run.folder.parent))

    def call(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["mnist-lens", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return Outcome(ended.value.code, *capsys.readouterr())

    return call


def slopes(
    model_file: Path, image: np.ndarray, background: np.ndarray, target: Target
) -> Attribution:
    """Gradients at the image: they need not add up to anything."""
    found = answers(model_file, image[None], target)[0]
    return Attribution(
        values=gradients(model_file, image[None], target)[:, 0],
        base_value=np.full(found.shape, np.nan),
        output=found,
        classes=target.among(10),
        n_background=0,
        of=target.of,
    )


def refuses(
    model_file: Path, image: np.ndarray, background: np.ndarray, target: Target
) -> Attribution:
    raise UnfitMethodError("Expected a model made of tea. Received: tiny. Choose another.")


@pytest.fixture
def stand_in(monkeypatch) -> Explainer:
    """Methods of our own: `refuses`, and `slopes`, which stands in for it."""
    stands_in = Explainer(
        name="slopes",
        title="Slopes",
        source="",
        explain_block=slopes,
        comparison="",
        promise="",
        uses_background=False,
    )
    refusing = replace(
        stands_in,
        name="refuses",
        explain_block=refuses,
        uses_background=True,
        stand_in=stands_in,
    )
    for one in (stands_in, refusing):
        monkeypatch.setitem(EXPLAINERS, one.name, one)
    return stands_in


def arrays(path: Path) -> dict[str, np.ndarray]:
    with np.load(path) as found:
        return dict(found)


def test_explain_writes_the_maps_of_one_image_as_arrays_or_as_a_picture(
    mnist_lens, tiny_run, mnist_5k, tmp_path
):
    from PIL import Image

    asked = ("explain", "tiny", "--index", "7", "--data", "mnist-5k")
    assert not mnist_lens(*asked, "--out", str(tmp_path / "seven.npz")).code
    with np.load(tmp_path / "seven.npz") as found:
        assert (found["values"].shape, found["values"].dtype) == ((28, 28, 10), np.float32)
        assert found["classes"].tolist() == list(range(10))
        assert str(found["method"]) == "deep-shap"
        assert str(found["checkpoint"]) == tiny_run.checkpoint(tiny_run.best_epoch).fingerprint
        added = found["base_value"] + found["values"].sum(axis=(0, 1))
        np.testing.assert_allclose(added, found["output"], atol=1e-3)
    said = mnist_lens(*asked, "--method", "deep-shap", "--out", str(tmp_path / "seven.png")).out
    assert "Deep SHAP: image 7 of MNIST 5k validation" in said
    picture = np.asarray(Image.open(tmp_path / "seven.png"))
    assert picture.shape == (4 * 28, 4 * (11 * 28 + 10 * 2), 3)
    image = mnist_5k.split("validation").images[7]
    assert np.array_equal(picture[::4, : 4 * 28 : 4, 0], 255 - image)
    # Along the upper edge of each map: black all along, where it is predicted, or in part.
    edges = [(picture[0, 4 * 30 * place :][: 4 * 28] == 0).all(axis=1) for place in range(1, 11)]
    label = int(mnist_5k.split("validation").labels[7])
    predicted = int(predict(tiny_run.checkpoint(tiny_run.best_epoch).path, image[None]).argmax())
    assert edges[predicted].all()
    assert predicted == label or 0.4 < edges[label].mean() < 0.6
    assert not any(edge.any() for at, edge in enumerate(edges) if at not in (predicted, label))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--index", "7", "--out", "seven.jpg"), "ends in .png or .npz. Received: seven.jpg"),
        (("--index", "1000", "--out", "seven.npz"), "an image from 0 to 999 of validation"),
        (("--index", "-1", "--out", "seven.npz"), "an image from 0 to 999 of validation"),
        (("--index", "7", "--method", "tea", "--out", "x.npz"), "one of the methods deep-shap"),
        (("--index", "7", "--of", "tea", "--out", "x.npz"), "difference to be explained. Received"),
        (("--index", "7", "--of", "difference", "--out", "x.npz"), "Expected two classes whose"),
        (("--index", "7", "--classes", "four", "--out", "x.npz"), "such as 4,9. Received: four"),
        (("--index", "7", "--classes", "4,10", "--out", "x.npz"), "Expected classes from 0 to 9"),
        (("--index", "7", "--background", "0", "--out", "x.npz"), "Received: 0 images and seed 0"),
        (("--index", "7", "--out", "gone/seven.npz"), "a file that can be written. Received: gone"),
    ],
)
def test_explain_says_what_it_cannot_do(mnist_lens, tmp_path, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    outcome = mnist_lens("explain", "tiny", "--data", "mnist-5k", *words)
    assert outcome.code == 2
    assert told in outcome.err
    assert not list(tmp_path.glob("*.npz"))


def test_the_background_can_be_looked_up_again_and_is_what_the_maps_count_from(
    mnist_lens, tiny_run, mnist_5k, tmp_path
):
    model_file = tiny_run.checkpoint(tiny_run.best_epoch).path
    for seed in (3, 4):
        out = tmp_path / f"{seed}.npz"
        asked = (*ASKED, "--classes", "9,4", "--background", "7", "--seed", str(seed))
        assert not mnist_lens(*asked, "--out", str(out)).code
        found = arrays(out)
        assert found["classes"].tolist() == [9, 4]
        assert found["values"].shape == (28, 28, 2)
        assert (found["background_indices"].shape, str(found["background_split"])) == (
            (7,),
            "train",
        )
        compared = mnist_5k.split("train").images[found["background_indices"]]
        mean = predict(model_file, compared)[:, [9, 4]].mean(axis=0)
        np.testing.assert_allclose(found["base_value"], mean, atol=1e-5)
    others = arrays(tmp_path / "3.npz")["background_indices"]
    assert set(others) != set(found["background_indices"])


def test_a_difference_is_the_logit_of_the_first_class_minus_that_of_the_second(
    mnist_lens, stand_in, tiny_run, mnist_5k, tmp_path
):
    image = mnist_5k.split("validation").images[[7]]
    y_prob = predict(tiny_run.checkpoint(tiny_run.best_epoch).path, image)[0].astype(float)
    asked = (*ASKED, "--method", "slopes", "--of", "difference", "--classes")
    for first, second in ((4, 9), (9, 4)):
        out = tmp_path / f"{first}.npz"
        said = mnist_lens(*asked, f"{first},{second}", "--out", str(out)).out
        assert f"difference {first} minus {second}; which need not add up" in said
        found = arrays(out)
        # The softmax takes differences of logits to ratios of probabilities.
        expected = np.log(y_prob[first] / y_prob[second])
        np.testing.assert_allclose(found["output"], [expected], rtol=1e-3)
        assert found["values"].shape == (28, 28, 1)
        assert (found["classes"].tolist(), str(found["of"])) == ([first, second], "difference")
    np.testing.assert_allclose(
        arrays(tmp_path / "4.npz")["values"], -found["values"], rtol=1e-4, atol=1e-7
    )


def test_a_method_that_stands_in_is_named_with_the_reason(mnist_lens, stand_in, tmp_path):
    out = tmp_path / "seven.npz"
    said = mnist_lens(*ASKED, "--method", "refuses", "--of", "logit", "--out", str(out)).out
    assert "Slopes stands in. Expected a model made of tea. Received: tiny." in said
    assert "logit of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, from left to right" in said
    found = arrays(out)
    assert str(found["method"]) == "slopes"
    assert np.isnan(found["base_value"]).all()
    assert found["base_value"].shape == found["output"].shape == (10,)
    assert found["background_indices"].shape == (0,)


def test_a_method_that_misses_its_own_promise_is_said_to(
    mnist_lens, stand_in, monkeypatch, tmp_path
):
    strict = replace(EXPLAINERS["slopes"], largest_gap=0.01)
    monkeypatch.setitem(EXPLAINERS, "slopes", strict)
    asked = (*ASKED, "--method", "slopes", "--seed", "9", "--out", str(tmp_path / "x.npz"))
    assert "Warning: Slopes promises a gap of at most 0.01." in mnist_lens(*asked).out


def test_scores_are_explained_as_scores_and_not_as_probabilities(
    mnist_lens, stand_in, tiny_run, make_run, models, monkeypatch, tmp_path
):
    folder = make_run(models, "scores", output="scores", n_classes=10)
    model = tiny_run.checkpoint(3).path.read_bytes()
    (folder / "epoch-01.keras").write_bytes(model)
    monkeypatch.setenv("MNIST_LENS_MODELS", str(models))
    asked = ("explain", "scores", *ASKED[2:], "--method", "slopes")
    out = ("--out", str(tmp_path / "x.npz"))
    refused = mnist_lens(*asked, *out, "--of", "probability")
    assert refused.code == 2
    assert "scores, which answers with scores and not with probabilities" in refused.err
    assert not (tmp_path / "x.npz").exists()
    assert "score of 0, 1," in mnist_lens(*asked, *out).out


def test_a_row_of_maps_frames_the_predicted_class_whole_and_the_true_one_dashed():
    maps = Attribution(np.zeros((3, 28, 28)), np.zeros(3), np.zeros(3), classes=(2, 5, 7))
    paper = np.zeros((28, 28), np.uint8)
    is_black = np.asarray(row_of_maps(maps, paper, predicted=7, true=2, zoom=2))[..., 0] == 0
    tiles = [is_black[:, 60 * place : 60 * place + 56] for place in range(4)]
    whole = np.ones((56, 56), bool)
    whole[1:-1, 1:-1] = False
    assert np.array_equal(tiles[3], whole)
    assert not (tiles[1] & ~whole).any()
    assert tiles[1][whole].mean() == pytest.approx(0.5, abs=0.05)
    assert not tiles[0].any()
    assert not tiles[2].any()
    bare = row_of_maps(maps, paper, zoom=2)
    assert np.asarray(bare).min() == 255
