"""A map is scikit-learn's components or umap-learn's layout of what a model's last layer sees."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.measure import points_in_poly
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness as sklearn_trustworthiness
from sklearn.neighbors import NearestNeighbors

from mnist_core.datasets import Dataset, Split
from mnist_core.errors import ExplanationError
from mnist_core.files.cache_files import MAPS
from mnist_core.inference.neighbours import embed
from mnist_core.maps import all_neighbours as searching
from mnist_core.maps import seen as seeing
from mnist_core.maps import umap_apart as umapping
from mnist_core.maps.all_neighbours import all_neighbours
from mnist_core.maps.map import Map, find_map, read_map
from mnist_core.maps.pca import pca
from mnist_core.maps.region import inside
from mnist_core.maps.seen import seen_of_split
from mnist_core.maps.trust import SAMPLE, trustworthiness
from mnist_core.maps.umap_apart import umap_apart
from mnist_core.runs import Checkpoint, Run

ROOT = Path(__file__).resolve().parents[2]


class StoppedError(Exception):
    """What a caller raises who does not want the map any more."""


@pytest.fixture
def checkpoint(tiny_run: Run) -> Checkpoint:
    return tiny_run.checkpoint(1)


@pytest.fixture
def few(mnist_5k: Dataset) -> Split:
    split = mnist_5k.split("validation")
    return Split("few", split.images[::50], split.labels[::50])


def clusters(n: int, width: int, *, apart: float = 6.0) -> np.ndarray:
    """Points in four groups. `float32`, shape `(n, width)`."""
    random = np.random.default_rng(3)
    middles = apart * random.normal(size=(4, width))
    return (middles[np.arange(n) % 4] + random.normal(size=(n, width))).astype(np.float32)


@pytest.mark.parametrize(("n", "width"), [(300, 12), (40, 200), (50, 50), (3, 2), (2, 9)])
def test_components_are_those_of_scikit_learn_with_their_signs(n: int, width: int) -> None:
    seen = clusters(n, width)
    points, shares = pca(seen)
    oracle = PCA(2, svd_solver="full").fit(seen.astype(np.float64))
    expected = oracle.transform(seen.astype(np.float64))
    assert points.dtype == np.float32
    known = min(n - 1, width, 2)
    np.testing.assert_allclose(points[:, :known], expected[:, :known], rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(shares[:known], oracle.explained_variance_ratio_[:known], atol=1e-6)


@pytest.mark.parametrize("seen", [np.ones((5, 3)), np.ones((1, 4)), np.zeros((4, 1))])
def test_points_that_do_not_spread_lie_on_one_spot(seen: np.ndarray) -> None:
    points, shares = pca(seen.astype(np.float32))
    assert points.tolist() == np.zeros((len(seen), 2)).tolist()
    assert shares == (0.0, 0.0)


def test_points_on_a_line_stay_on_one() -> None:
    points, shares = pca(np.arange(4, dtype=np.float32)[:, None])
    assert np.abs(points[:, 0]).tolist() == [1.5, 0.5, 0.5, 1.5]
    assert points[:, 1].tolist() == [0.0] * 4
    assert shares == pytest.approx((1.0, 0.0))


@given(arrays(np.float32, (7, 4), elements=st.floats(-1e6, 1e6, width=32)))
def test_components_of_any_points_are_finite(seen: np.ndarray) -> None:
    points, shares = pca(seen)
    assert np.isfinite(points).all()
    assert 0 <= shares[1] <= shares[0] <= 1 + 1e-9


def test_what_is_seen_of_a_split_is_what_is_seen_of_its_images(
    checkpoint: Checkpoint, few: Split, tmp_path: Path
) -> None:
    seen = seen_of_split(checkpoint, few, tmp_path)
    np.testing.assert_allclose(seen, embed(checkpoint.path, few.images), atol=1e-5)
    assert not seen.flags.writeable


def test_a_split_is_seen_once(
    checkpoint: Checkpoint, few: Split, tmp_path: Path, counted: Any
) -> None:
    first = seen_of_split(checkpoint, few, tmp_path, embed=counted)
    n_asked = len(counted.blocks)
    again = seen_of_split(checkpoint, few, tmp_path, embed=counted)
    assert np.array_equal(first, again)
    assert len(counted.blocks) == n_asked


def test_a_layer_too_wide_keeps_the_directions_in_which_images_spread(
    checkpoint: Checkpoint,
    mnist_5k: Dataset,
    tmp_path: Path,
    counted: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    digits = mnist_5k.split("validation")
    whole = seen_of_split(checkpoint, digits, tmp_path / "whole", embed=counted)
    assert whole.shape == (1_000, 784)
    monkeypatch.setattr(seeing, "MOST_NUMBERS", 300_000)
    narrow = seen_of_split(checkpoint, digits, tmp_path / "narrow", embed=counted)
    assert narrow.shape == (1_000, 300)
    (points, shares), (reference, of_all) = pca(narrow), pca(whole)
    assert shares == pytest.approx(of_all, rel=0.03)
    for axis in (0, 1):
        assert abs(np.corrcoef(points[:, axis], reference[:, axis])[0, 1]) > 0.999
    monkeypatch.setattr(seeing, "MOST_NUMBERS", 1_000)  # room for one number an image
    assert seen_of_split(checkpoint, digits, tmp_path / "line", embed=counted).shape == (1_000, 1)


def test_what_is_not_finite_is_no_map(checkpoint: Checkpoint, few: Split, tmp_path: Path) -> None:
    def diverged(model_file: Path, images: np.ndarray) -> np.ndarray:
        return np.full((len(images), 3), np.nan, np.float32)

    with pytest.raises(ExplanationError, match=r"finite numbers in front of the last layer"):
        seen_of_split(checkpoint, few, tmp_path, embed=diverged)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("most", [20_000_000, 1_000])
def test_neighbours_of_all_are_those_of_scikit_learn(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_DISTANCES", most)
    seen = clusters(300, 20) + 100
    rows, distances = all_neighbours(seen, 7)
    apart, expected = NearestNeighbors(n_neighbors=7, algorithm="brute").fit(seen).kneighbors()
    assert rows[:, 0].tolist() == list(range(300))
    assert rows[:, 1:].tolist() == expected[:, :6].tolist()
    np.testing.assert_allclose(distances[:, 1:], apart[:, :6], rtol=1e-4)
    same = all_neighbours(np.ones((5, 2), np.float32), 3)
    assert same[0][:, 0].tolist() == [0, 1, 2, 3, 4]
    assert not same[1].any()


def test_trust_is_scikit_learns_on_a_sample() -> None:
    seen = clusters(400, 20)
    points = seen[:, :2]
    expected = sklearn_trustworthiness(seen, points, n_neighbors=5)
    assert trustworthiness(seen, points) == pytest.approx(expected)
    assert trustworthiness(seen, seen) == 1.0
    assert 0.4 < trustworthiness(seen, np.random.default_rng(0).normal(size=(400, 2))) < 0.7
    assert np.isnan(trustworthiness(seen[:11], points[:11]))
    many = clusters(SAMPLE + 500, 3)
    found = trustworthiness(many, many[:, :2])
    assert found == pytest.approx(sklearn_trustworthiness(many, many[:, :2]), abs=0.02)
    assert found == trustworthiness(many, many[:, :2])


def test_a_map_is_computed_once_and_again_where_its_file_is_damaged(
    checkpoint: Checkpoint, few: Split, tmp_path: Path, counted: Any
) -> None:
    measured: list[float] = []

    def measure(seen: np.ndarray, points: np.ndarray) -> float:
        measured.append(0.75)
        return 0.75

    def found() -> Map:
        return find_map(checkpoint, few, "pca", tmp_path, embed=counted, measure=measure)

    first, again = found(), found()
    assert len(measured) == 1
    assert np.array_equal(first.points, again.points)
    assert (first.trust, first.shares) == (again.trust, again.shares)
    assert first.trust == 0.75
    (path,) = (tmp_path / "maps").iterdir()
    path.write_bytes(path.read_bytes()[:-40])
    assert read_map(checkpoint, few, "pca", tmp_path) is None
    assert np.array_equal(found().points, first.points)
    assert len(measured) == 2
    other = np.zeros((len(few) + 1, 2), np.float32)
    MAPS.write(tmp_path, path.stem, arrays={"points": other, "known": np.zeros(3)})
    assert read_map(checkpoint, few, "pca", tmp_path) is None


def test_a_trust_that_is_unknown_stays_so(
    checkpoint: Checkpoint, few: Split, tmp_path: Path, counted: Any
) -> None:
    for _ in range(2):
        found = find_map(
            checkpoint, few, "pca", tmp_path, embed=counted, measure=lambda *_: float("nan")
        )
        assert np.isnan(found.trust)


def test_a_map_by_a_model_that_was_replaced_meanwhile_is_not_kept(
    few: Split, tmp_path: Path
) -> None:
    path = tmp_path / "epoch-01.keras"
    path.write_bytes(b"one model")

    def replaced(model_file: Path, images: np.ndarray) -> np.ndarray:
        path.write_bytes(b"two model")
        return images.reshape(len(images), -1).astype(np.float32)

    cache = tmp_path / "cache"
    find_map(Checkpoint("one", 1, path), few, "pca", cache, embed=replaced)
    assert not cache.exists()


@given(
    arrays(np.float64, (30, 2), elements=st.floats(0, 1)),
    arrays(np.float64, st.tuples(st.integers(3, 9), st.just(2)), elements=st.floats(-0.5, 1.5)),
)
def test_a_region_holds_the_points_that_scikit_image_finds_in_it(
    points: np.ndarray, outline: np.ndarray
) -> None:
    edges = np.roll(outline, -1, axis=0) - outline
    apart = points[:, None] - outline
    off_edges = np.abs(edges[:, 0] * apart[..., 1] - edges[:, 1] * apart[..., 0]).min(axis=1) > 1e-9
    clear = off_edges & (np.abs(apart[..., 1]).min(axis=1) > 1e-9)
    found = inside(points, outline)
    assert np.array_equal(found[clear], points_in_poly(points, outline)[clear])


def test_what_a_region_goes_round_twice_is_outside() -> None:
    star = np.array([[0, 3], [2, -3], [-3, 1], [3, 1], [-2, -3]])
    assert inside(np.array([[0.0, 0.0], [0.0, 2.0], [0.0, -2.9]]), star).tolist() == [
        False,
        True,
        False,
    ]


def test_whoever_stops_a_layout_ends_its_process(started: list[Any]) -> None:
    def stop(done: int, total: int) -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        umap_apart(clusters(20, 3), stop)
    assert [process.returncode for process in started] == [-signal.SIGKILL]


def test_a_layout_whose_process_is_killed_ends_in_one_sentence(started: list[Any]) -> None:
    with pytest.raises(ExplanationError, match=r"process ended early \(SIGKILL\)\. Try again"):
        umap_apart(clusters(20, 3), lambda done, total: started[0].kill())


def test_a_layout_that_takes_too_long_is_stopped(
    started: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(umapping, "MOST_SECONDS", 0)
    with pytest.raises(ExplanationError, match="took longer and was stopped"):
        umap_apart(clusters(20, 3), lambda done, total: None)
    assert [process.returncode for process in started] == [-signal.SIGKILL]


def test_too_few_images_are_refused_before_a_process_starts(started: list[Any]) -> None:
    with pytest.raises(ExplanationError, match=r"at least 16 images .* Received: 15\."):
        umap_apart(clusters(15, 3), lambda done, total: None)
    assert not started


ORACLE = """if True:
    import sys
    import numpy as np
    sys.modules.update(dict.fromkeys(("tensorflow", "keras")))
    from umap import UMAP
    from mnist_core.maps.trust import trustworthiness
    seen = np.load(sys.argv[1])
    np.save(sys.argv[2], UMAP(random_state=0).fit_transform(seen))
    print(trustworthiness(seen, UMAP().fit_transform(seen)))
"""


def test_umap_is_seeded_kept_and_as_trustworthy_as_its_own_defaults(
    checkpoint: Checkpoint, mnist_5k: Dataset, tmp_path: Path, counted: Any
) -> None:
    split = mnist_5k.split("validation")
    digits = Split("few", split.images[::4], split.labels[::4])
    pixels, seeded = tmp_path / "pixels.npy", tmp_path / "seeded.npy"
    np.save(pixels, digits.images.reshape(len(digits), -1).astype(np.float32))
    command = [sys.executable, "-W", "ignore", "-c", ORACLE, str(pixels), str(seeded)]
    oracle = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    steps: list[tuple[int, int]] = []
    found = find_map(
        checkpoint,
        digits,
        "umap",
        tmp_path,
        embed=counted,
        on_progress=lambda done, total: steps.append((done, total)),
    )
    assert steps[0] == (0, 0)
    assert steps[-1] == (500, 500)
    assert steps == sorted(steps)
    kept = read_map(checkpoint, digits, "umap", tmp_path)
    assert kept is not None
    assert np.array_equal(kept.points, found.points)

    said, _ = oracle.communicate()
    assert oracle.returncode == 0
    np.testing.assert_array_equal(found.points, np.load(seeded))
    assert found.trust > float(said) - 0.01
