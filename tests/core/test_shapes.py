"""Measures of digits against what was drawn, scikit-image's, and Morpho-MNIST's definitions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mnist_core.shapes import MEASURES, Shapes, measure

FINE = 8
PATCHES = arrays(np.uint8, (12, 12))


def drawn(is_ink: np.ndarray) -> np.ndarray:
    """A picture of 28·FINE pixels a side, made as small as an image of MNIST."""
    small = is_ink.reshape(28, FINE, 28, FINE).mean(axis=(1, 3))
    return np.rint(255 * small).astype(np.uint8)


def stroke(*, width: float, degrees: float, length: float = 18.0) -> np.ndarray:
    """A straight stroke with round ends through the middle, turned from upright to the right."""
    along = (np.arange(28 * FINE) + 0.5) / FINE - 14.1
    x, y, turn = along, -along[:, None], np.radians(degrees)
    beyond_ends = np.maximum(np.abs(x * np.sin(turn) + y * np.cos(turn)) - (length - width) / 2, 0)
    return drawn(np.hypot(beyond_ends, x * np.cos(turn) - y * np.sin(turn)) <= width / 2)


def bar(*, width: int, height: int, degrees: float = 0.0) -> np.ndarray:
    """An upright bar, sheared to the right."""
    along = (np.arange(28 * FINE) + 0.5) / FINE - 14
    x, y = along, -along[:, None]
    straight = x - y * np.tan(np.radians(degrees))
    return drawn((np.abs(straight) <= width / 2) & (np.abs(y) <= height / 2))


def only(image: np.ndarray) -> dict[str, float]:
    shapes = measure(image[None])
    return {name: float(shapes[name][0]) for name in MEASURES}


@pytest.mark.parametrize(
    ("width", "within"), [(2.0, 0.3), (2.5, 0.15), (3.0, 0.1), (4.0, 0.1), (5.0, 0.1)]
)
def test_a_stroke_is_as_thick_as_it_was_drawn_in_any_direction(width: float, within: float) -> None:
    strokes = np.stack([stroke(width=width, degrees=d) for d in range(-90, 90, 15)])
    np.testing.assert_allclose(measure(strokes)["thickness"], width, atol=within)


def test_a_thinner_stroke_measures_thinner_even_below_two_pixels() -> None:
    widths = [0.8, 1.2, 1.6, 2.0]
    strokes = np.stack([stroke(width=width, degrees=20) for width in widths])
    thickness = measure(strokes)["thickness"]
    assert (np.diff(thickness) > 0.1).all()
    assert (thickness - widths < 0.6).all()


def test_a_fainter_stroke_is_as_thick_and_has_less_ink() -> None:
    full = stroke(width=3, degrees=30)
    shapes = measure(np.stack([full, full // 2]))
    assert shapes["thickness"][1] == pytest.approx(shapes["thickness"][0], rel=0.01)
    assert shapes["ink"][1] == pytest.approx(shapes["ink"][0] / 2, rel=0.01)
    assert shapes["width"][1] == shapes["width"][0]


def test_single_pixels_and_blots_have_a_thickness_too() -> None:
    images = np.zeros((3, 28, 28), np.uint8)
    images[0, 5, 5] = images[1, 4:24, 4:24] = images[2, ::2, ::2] = 255
    assert (measure(images)["thickness"] > 0).all()


@pytest.mark.parametrize("degrees", [-40, -15, 0, 10, 30])
def test_the_slant_is_the_angle_of_the_shear(degrees: int) -> None:
    assert only(bar(width=4, height=18, degrees=degrees))["slant"] == pytest.approx(
        degrees, abs=0.3
    )


def test_a_digit_sheared_by_an_angle_leans_by_that_much_more(digits) -> None:
    from scipy.ndimage import affine_transform

    images, middle, degrees = digits[0][::250], 13.5, 12.0
    shear = np.tan(np.radians(degrees))
    # Maps rows and columns of the result to those of the image.
    matrix, offset = np.array([[1, 0], [shear, 1]]), [0, -shear * middle]
    sheared = np.stack([affine_transform(image, matrix, offset, order=1) for image in images])
    before, after = (np.tan(np.radians(measure(x)["slant"])) for x in (images, sheared))
    np.testing.assert_allclose(after - before, shear, atol=0.02)


def test_a_bar_has_the_sides_and_the_ink_it_was_drawn_with() -> None:
    measures = only(bar(width=4, height=18))
    assert (measures["width"], measures["height"], measures["ink"]) == (4, 18, 4 * 18)


def test_box_and_moments_are_those_of_scikit_image(digits) -> None:
    from skimage.measure import moments_central, regionprops

    images = digits[0][::100]
    shapes = measure(images)
    for i, image in enumerate(images):
        is_ink = (image >= image.max() / 2).astype(np.uint8)
        top, left, bottom, right = regionprops(is_ink)[0].bbox
        assert (shapes["height"][i], shapes["width"][i]) == (bottom - top, right - left)
        moments = moments_central(image.astype(float), order=2)
        slant = -np.degrees(np.arctan(moments[1, 1] / moments[2, 0]))
        assert shapes["slant"][i] == pytest.approx(slant, abs=1e-3)


def test_the_thickness_is_close_to_that_of_morpho_mnist(digits) -> None:
    from skimage.morphology import medial_axis
    from skimage.transform import pyramid_expand

    images = digits[0][::250]
    expected = []
    for image in images:
        fine = pyramid_expand(image / 255, upscale=4, order=3)
        axis, distance = medial_axis(fine >= fine.max() / 2, return_distance=True)
        expected.append(2 * distance[axis].mean() / 4)
    thickness = measure(images)["thickness"]
    assert np.corrcoef(thickness, expected)[0, 1] > 0.97
    assert np.median(np.abs(thickness - expected)) < 0.25


@settings(max_examples=30)
@given(PATCHES, st.integers(0, 16), st.integers(0, 16))
def test_where_a_digit_lies_changes_no_measure(patch: np.ndarray, down: int, right: int) -> None:
    images = np.zeros((2, 28, 28), np.uint8)
    images[0, :12, :12] = images[1, down : down + 12, right : right + 12] = patch
    shapes = measure(images)
    for name in MEASURES:
        first, second = shapes[name]
        assert first == pytest.approx(second, rel=1e-5, abs=1e-3, nan_ok=True)


@settings(max_examples=30)
@given(PATCHES)
def test_a_mirrored_digit_leans_the_other_way_and_is_else_the_same(patch: np.ndarray) -> None:
    images = np.zeros((2, 28, 28), np.uint8)
    images[0, 8:20, 8:20], images[1, 8:20, 8:20] = patch, patch[:, ::-1]
    shapes = measure(images)
    assert shapes["slant"][0] == pytest.approx(-shapes["slant"][1], abs=1e-3, nan_ok=True)
    for name in ("thickness", "width", "height", "ink"):
        first, second = shapes[name]
        assert first == pytest.approx(second, rel=1e-5, nan_ok=True)


def test_a_blank_image_has_no_measures_and_does_not_touch_its_neighbours(digits) -> None:
    images = digits[0][:5].copy()
    images[2] = 0
    shapes = measure(images)
    alone = measure(np.delete(images, 2, axis=0))
    for name in MEASURES:
        values = shapes[name]
        assert np.isnan(values[2])
        np.testing.assert_allclose(np.delete(values, 2), alone[name])


def test_ink_in_one_row_has_no_slant() -> None:
    image = np.zeros((28, 28), np.uint8)
    image[9, 4:20] = 200
    measures = only(image)
    assert np.isnan(measures["slant"])
    assert (measures["width"], measures["height"]) == (16, 1)


def test_many_images_are_measured_as_each_alone(digits) -> None:
    images = digits[0][:450]
    together = measure(images)
    assert len(together) == 450
    for i in (0, 199, 200, 449):
        alone = only(images[i])
        for name in MEASURES:
            assert together[name][i] == pytest.approx(alone[name])


def test_no_images_have_no_shapes() -> None:
    assert len(measure(np.zeros((0, 28, 28), np.uint8))) == 0


def test_measures_are_read_only(digits) -> None:
    shapes = measure(digits[0][:3])
    assert isinstance(shapes, Shapes)
    for name in MEASURES:
        with pytest.raises(ValueError, match="read-only"):
            shapes[name][0] = 1


def test_where_nothing_is_written_no_stroke_is_measured(digits) -> None:
    shapes = measure(digits[0][:3], shows_strokes=False)
    assert list(shapes) == ["width", "height", "ink"]
    assert len(shapes) == 3
