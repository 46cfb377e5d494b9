"""An image leans, turns, thickens and moves by what is asked, and answers follow each way."""

from pathlib import Path

import numpy as np
import pytest

from mnist_core.inference.prediction import predict
from mnist_core.inference.varying import vary
from mnist_core.pictures.variations import NAMES, SPANS, Variation, varied, varied_along
from mnist_core.shapes import measure


@pytest.fixture(scope="module")
def cross() -> np.ndarray:
    """An upright and a lying bar, about the pixel in row 13, column 14."""
    image = np.zeros((28, 28), np.uint8)
    image[6:21, 13:16] = 200
    image[12:15, 9:20] = 200
    return image


def test_nothing_asked_changes_nothing(cross: np.ndarray) -> None:
    assert varied(cross, Variation()) is cross
    blank = np.zeros((28, 28), np.uint8)
    assert not varied(blank, Variation(10, 20, 1, 2, 3)).any()


def test_whole_pixels_are_moved_as_they_are(cross: np.ndarray) -> None:
    moved = varied(cross, Variation(right=3, down=-2))
    assert (moved == np.roll(cross, (-2, 3), (0, 1))).all()
    half = varied(cross, Variation(right=0.5)).astype(float)
    assert np.abs(half - (cross.astype(float) + np.roll(cross, 1, 1)) / 2).max() <= 0.5


def test_a_quarter_turn_is_clockwise_about_the_inks_centre(cross: np.ndarray) -> None:
    # Symmetric about the middle of its pixel, which therefore stays where it is.
    turned = varied(cross, Variation(rotation=90))
    expected = np.zeros_like(cross)
    expected[8:19, 13:16] = 200  # the lying bar stands
    expected[12:15, 7:22] = 200
    assert (turned == expected).all()
    hook = cross.copy()
    hook[6:9, 16:19] = 200  # at the top to the right: then at the right end downwards
    turned = varied(hook, Variation(rotation=90))
    columns = np.flatnonzero(turned.any(axis=0))
    below, above = turned[15:, columns[-2]], turned[:11, columns[-2]]
    assert below.sum() > 300
    assert above.max() < 20


@pytest.mark.parametrize("degrees", [-20, 10, 25])
def test_a_stroke_leans_by_the_degrees_asked(degrees: float) -> None:
    upright = np.zeros((28, 28), np.uint8)
    upright[4:24, 13:16] = 255
    leant = varied(upright, Variation(slant=degrees)).astype(float)
    middles = (leant * np.arange(28)).sum(axis=1)[5:23] / leant.sum(axis=1)[5:23]
    slope = np.polyfit(np.arange(5, 23), middles, 1)[0]
    assert np.degrees(np.arctan(-slope)) == pytest.approx(degrees, abs=0.5)


def test_strokes_grow_and_shrink_by_the_pixels_asked(cross: np.ndarray) -> None:
    bar = np.zeros((28, 28), np.uint8)
    bar[3:25, 12:16] = 255
    for by, rows in ((1.0, 24), (2.0, 26), (-1.0, 20)):
        changed = varied(bar, Variation(thickness=by))
        assert (changed[14] > 127).sum() == 4 + 2 * by
        assert (changed[:, 14] > 127).sum() == rows
    half = varied(bar, Variation(thickness=0.5))
    assert half[14, 10:18].tolist() == [0, 128, 255, 255, 255, 255, 128, 0]
    thicker = measure(varied(cross, Variation(thickness=1))[None])["thickness"]
    assert thicker[0] > measure(cross[None])["thickness"][0] + 1


def test_what_leaves_is_cut_off_and_does_not_come_back_at_the_other_side(cross: np.ndarray) -> None:
    assert not varied(cross, Variation(right=8))[:, :17].any()


def test_answers_along_each_way_are_those_of_the_model(
    bundled_models: Path, cross: np.ndarray
) -> None:
    model = bundled_models / "dense-256" / "epoch-01.keras"
    at = Variation(slant=10, thickness=0.5)
    found = vary(model, cross, at)
    assert (found.image == varied(cross, at)).all()
    np.testing.assert_allclose(found.outputs, predict(model, found.image[None])[0], atol=1e-6)
    assert tuple(found.curves) == NAMES
    for name, (amounts, outputs) in found.curves.items():
        assert (amounts[0], amounts[-1]) == SPANS[name]
        images = varied_along(cross, at, name)[1]
        np.testing.assert_allclose(outputs, predict(model, images), atol=1e-5)
