"""How far a map can be trusted: whether neighbours on it are neighbours in what was mapped."""

import numpy as np

SAMPLE = 2_000
NEIGHBOURS = 5
SEED = 0


def trustworthiness(seen: np.ndarray, points: np.ndarray) -> float:
    """1 where all neighbours on the map are true ones, of a sample drawn with a seed.

    Source: Venna & Kaski, "Neighborhood preservation in nonlinear projection methods" (2001), as
    scikit-learn computes it.

    Args:
        seen: What was mapped. `float32`, shape `(n, d)`.
        points: The map. `float32`, shape `(n, 2)`.

    Returns:
        0–1, with 5 neighbours among at most 2,000 images; NaN where there are fewer than 12.
    """
    from sklearn import manifold

    if len(seen) <= 2 * NEIGHBOURS + 1:
        return float("nan")
    drawn = np.random.default_rng(SEED).permutation(len(seen))[:SAMPLE]
    found = manifold.trustworthiness(seen[drawn], points[drawn], n_neighbors=NEIGHBOURS)
    return float(np.clip(found, 0, 1))
