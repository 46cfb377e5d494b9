"""Augmented images are the same digits turned, scaled, slanted and moved within their bounds."""

import numpy as np
import pytest

from mnist_core.recipes.augmentation import Augmentation

SEED = (3, 14)


@pytest.fixture(scope="module")
def images(mnist_5k) -> np.ndarray:
    return mnist_5k.split("validation").images[::50]


def changed(augmentation: Augmentation, images: np.ndarray, seed=SEED) -> np.ndarray:
    return augmentation(images, np.array(seed, np.int64)).numpy()


def test_without_amounts_images_stay_as_they_are(images):
    np.testing.assert_array_equal(changed(Augmentation(), images), images)


def test_the_same_seed_changes_alike_and_another_seed_does_not(images):
    augmentation = Augmentation(rotation=15, zoom=0.1, horizontal_shift=0.1)
    once = changed(augmentation, images)
    np.testing.assert_array_equal(once, changed(augmentation, images))
    assert not np.array_equal(once, changed(augmentation, images, (3, 15)))


def test_grey_levels_stay_between_0_and_255_and_every_image_changes(images):
    found = changed(Augmentation(20, 0.2, 0.2, 0.2, 0.2), images)
    assert found.dtype == np.float32
    assert found.min() >= 0
    assert found.max() <= 255
    assert (np.abs(found - images).max(axis=(1, 2)) > 50).all()


def test_a_shift_is_the_one_of_scipy(images):
    from scipy import ndimage

    wide = Augmentation(horizontal_shift=0.15, vertical_shift=0.1)
    moved = []
    for image, found in zip(images, changed(wide, images), strict=True):
        mass = image.sum()
        rows, columns = np.mgrid[:28, :28]
        # Digits stay within the picture, so their centre moves by what the image was moved.
        by = [((found - image) * place).sum() / mass for place in (rows, columns)]
        if abs(found.sum() - mass) > 1:
            continue  # ink has left the picture
        moved.append(by)
        assert abs(by[0]) <= 2.8 + 1e-3
        assert abs(by[1]) <= 4.2 + 1e-3
        expected = ndimage.shift(image.astype(float), by, order=1, mode="grid-constant")
        np.testing.assert_allclose(found, expected, atol=0.1)
    assert np.ptp(moved, axis=0).min() > 3  # both ways, in both directions


@pytest.mark.parametrize("amounts", [{"rotation": 15}, {"zoom": 0.12}, {"shear": 0.3}])
def test_turning_scaling_and_slanting_keep_the_centre_and_stay_in_bounds(amounts):
    # A cross of two lines: where its arms end tells what was done to it.
    cross = np.zeros((28, 28), np.uint8)
    cross[6:22, 13:15] = cross[13:15, 6:22] = 255
    found = changed(Augmentation(**amounts), np.repeat(cross[None], 200, axis=0))
    rows, columns = np.mgrid[:28, :28] - 13.5
    mass = found.sum(axis=(1, 2))
    assert np.abs((found * rows).sum(axis=(1, 2)) / mass).max() < 0.05
    assert np.abs((found * columns).sum(axis=(1, 2)) / mass).max() < 0.05
    # The upright arm: how far sideways at its upper end, how many rows high.
    top = found[:, 7:9]
    sideways = (top * columns[7:9]).sum(axis=(1, 2)) / top.sum(axis=(1, 2)) / -6
    height = (found.max(axis=2) > 60).sum(axis=1)
    if "rotation" in amounts:
        assert 12 < np.degrees(np.arctan(np.abs(sideways).max())) < 15.5
    if "zoom" in amounts:
        assert (height.min(), height.max()) == (14, 18)  # 16 rows ± 12 %
    if "shear" in amounts:
        assert 0.25 < np.abs(sideways).max() < 0.33
