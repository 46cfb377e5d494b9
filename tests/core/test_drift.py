"""Drift against scipy's tests, copies in place of weights, and images moved by hand."""

import numpy as np
import pytest
from scipy import ndimage, stats

from mnist_core.shapes import (
    DRIFT_MEASURES,
    Shapes,
    class_weights,
    find_drift,
    measure,
    measure_for_drift,
)
from mnist_core.shapes.centre import CENTRE_ACROSS
from mnist_core.shapes.drift import Drift, drift
from mnist_core.statistics import holm


def one(values: np.ndarray, reference: np.ndarray, weights: np.ndarray | None = None) -> Drift:
    shapes, others = (
        Shapes({CENTRE_ACROSS.name: np.asarray(g, float)}) for g in (values, reference)
    )
    (found,) = drift([CENTRE_ACROSS], shapes, others, weights=weights)
    return found


@pytest.mark.parametrize(("n", "m"), [(2, 40), (10, 500), (300, 200)])
@pytest.mark.parametrize("shift", [0.0, 0.4, 2.0])
def test_shift_interval_and_distance_are_scipys(n: int, m: int, shift: float) -> None:
    random = np.random.default_rng(n)
    values, reference = random.normal(shift, 1.5, n), random.normal(0, 1, m)
    found, deviation = one(values, reference), reference.std(ddof=1)
    welch = stats.ttest_ind(values, reference, equal_var=False)
    assert found.shift == pytest.approx((values.mean() - reference.mean()) / deviation)
    assert found.interval == pytest.approx(np.array(welch.confidence_interval()) / deviation)
    expected = stats.ks_2samp(values, reference, method="asymp")
    assert found.distance == pytest.approx(expected.statistic)
    assert found.p_value >= expected.pvalue * (1 - 1e-9)
    if expected.pvalue < 0.05:
        assert found.p_value == pytest.approx(expected.pvalue, rel=0.01)


def test_chance_alone_is_called_drift_at_most_as_often_as_the_p_value_says() -> None:
    random = np.random.default_rng(0)
    p = np.array([one(random.normal(size=10), random.normal(size=400)).p_value for _ in range(600)])
    assert 0.03 <= (p <= 0.05).mean() <= 0.07
    equal = [one(random.integers(0, 5, 30), random.integers(0, 5, 400)) for _ in range(300)]
    assert np.mean([found.p_value <= 0.05 for found in equal]) <= 0.04


def test_weights_count_like_copies() -> None:
    random = np.random.default_rng(1)
    values, reference = random.integers(0, 9, 30), random.integers(0, 7, 50)
    copies = random.integers(0, 4, 50)
    weighted = one(values, reference, copies.astype(float))
    copied = one(values, np.repeat(reference, copies))
    assert weighted.distance == pytest.approx(copied.distance)
    assert weighted.reference_mean == pytest.approx(copied.reference_mean)


def test_classes_are_brought_to_the_shares_they_have_in_the_other_group() -> None:
    reference = np.array([0, 0, 0, 0, 1, 2, 2], np.uint8)
    weights = class_weights(np.array([0, 1, 1, 3], np.uint8), reference)
    shares = np.bincount(reference, weights=weights) / weights.sum()
    assert shares == pytest.approx([1 / 3, 2 / 3, 0])
    assert not class_weights(np.array([3], np.uint8), reference).any()


def test_ones_do_not_differ_from_the_ones_among_all_digits(mnist_5k) -> None:
    train, validation = mnist_5k.split("train"), mnist_5k.split("validation")
    ones = validation.labels == 1
    shapes, reference = measure_for_drift(validation.images[ones]), measure_for_drift(train.images)
    plain = {found.measure.name: found for found in find_drift(shapes, reference)}
    weights = class_weights(validation.labels[ones], train.labels)
    weighed = {one.measure.name: one for one in find_drift(shapes, reference, weights=weights)}
    assert plain["width"].p_value < 1e-9
    assert plain["width"].shift < -1
    assert weighed["width"].p_value > 0.05
    assert weighed["width"].n_reference == (train.labels == 1).sum()


def test_what_was_done_to_images_is_what_differs_and_by_how_much(mnist_5k) -> None:
    split = mnist_5k.split("validation")
    moved = np.pad(split.images, ((0, 0), (0, 0), (2, 0)))[:, :, :28]
    reference = measure_for_drift(split.images)
    first, *others = find_drift(measure_for_drift(moved), reference)
    assert first.measure.name == "centre across"
    assert first.mean - first.reference_mean == pytest.approx(2, abs=0.05)
    assert first.p_value < 1e-9
    assert {one.measure.name for one in others if one.p_value < 0.05} == set()
    fainter = find_drift(measure_for_drift(split.images // 2), reference)
    assert {one.measure.name for one in fainter if one.p_value < 0.01} == {"darkest level", "ink"}


def test_the_centre_is_scipys_centre_of_mass(mnist_5k) -> None:
    images = mnist_5k.split("validation").images[:20]
    expected = np.array([ndimage.center_of_mass(image) for image in images]) - 13.5
    shapes = measure_for_drift(images)
    assert np.allclose(shapes["centre down"], expected[:, 0])
    assert np.allclose(shapes["centre across"], expected[:, 1])
    assert np.array_equal(shapes["ink"], measure(images)["ink"])


def test_p_values_are_corrected_for_the_number_of_measures() -> None:
    random = np.random.default_rng(3)
    groups = [
        Shapes({each.name: random.normal(n / 2000, 1, n) for each in DRIFT_MEASURES})
        for n in (200, 300)
    ]
    found = {each.measure.name: each.p_value for each in drift(DRIFT_MEASURES, *groups)}
    alone = [drift([each], *groups)[0].p_value for each in DRIFT_MEASURES]
    assert [found[each.name] for each in DRIFT_MEASURES] == pytest.approx(holm(alone))


def test_what_cannot_be_compared_is_left_out_and_what_does_not_spread_is_said() -> None:
    blank = np.zeros((3, 28, 28), np.uint8)
    assert find_drift(measure_for_drift(blank), measure_for_drift(blank)) == ()
    assert one(np.ones(2), np.ones(3)).shift == 0
    assert one(np.array([2, 3]), np.ones(3)).shift == np.inf
    names = {each.measure.name for each in find_drift(*_written(), shows_strokes=False)}
    assert names.isdisjoint({"thickness", "slant"})
    assert "ink" in names


def _written() -> tuple[Shapes, Shapes]:
    random = np.random.default_rng(4)
    first, second = (random.integers(0, 256, (9, 28, 28)).astype(np.uint8) for _ in range(2))
    return measure_for_drift(first), measure_for_drift(second)
