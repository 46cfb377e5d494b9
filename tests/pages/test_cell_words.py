"""A dossier's sentences say what its numbers support, and nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from dashboard.drawing.words.dossier import cell_dossier
from mnist_core.answers.dossier import Contrast, Dossier
from mnist_core.statistics import MannWhitneyTest

NAMES = [str(label) for label in range(10)]
CELL = Dossier(
    true=7,
    predicted=2,
    positions=np.arange(24),
    support=1_028,
    right_count=990,
    confidence=0.712,
    right_confidence=0.9944,
    confidence_test=MannWhitneyTest(0.04, 1e-9),
    runner_up=22,
    contrasts=(
        Contrast("thickness", 2.12, 2.9, 0.2, 1e-3),
        Contrast("slant", -8.2, 3.9, 0.3, 0.01),
    ),
    mean_image=np.zeros((28, 28), np.float32),
    typical=3,
    oddest=5,
)


def said(output: str = "probabilities", **changes) -> list[str]:
    return cell_dossier(replace(CELL, **changes), NAMES, output)  # type: ignore[arg-type]


def test_a_cell_in_words() -> None:
    assert said() == [
        "24 of 1,028 images of 7 were predicted as 2 (2.3 %).",
        "Median confidence 71.2 %, against 99.44 % where 7 was predicted right (more than chance, "
        "p < 0.0001).",
        "The truth came second in 22 of 24.",
        "Compared with the images of 7 predicted right, they have thinner strokes "
        "(median 2.1 against 2.9 px) and lean more to the left (median −8° against 4°).",
    ]


def test_false_negatives_and_positives_and_what_was_read_right_in_words() -> None:
    assert said(predicted=None)[0] == "24 of 1,028 images of 7 were missed (2.3 %)."
    assert (
        said(true=None, predicted=7)[0]
        == "24 of 1,028 images predicted as 7 show another class (2.3 %)."
    )
    right = said(predicted=7, runner_up=None, confidence_test=None, contrasts=None)
    assert right == [
        "24 of 1,028 images of 7 were predicted right (2.3 %).",
        "Median confidence 71.2 %.",
    ]


def test_one_image_in_words() -> None:
    one = {"positions": np.arange(1), "confidence_test": None, "contrasts": None}
    assert said(**one, runner_up=1) == [
        "1 of 1,028 images of 7 was predicted as 2 (0.1 %).",
        "Confidence 71.2 %, against 99.44 % where 7 was predicted right.",
        "The truth came second.",
        "Too few to say what they have in common: 1 image, at least 5 are needed.",
    ]
    assert "The truth did not come second." in said(**one, runner_up=0)
    claim = said(**one, runner_up=0, true=None, predicted=7)
    assert claim[0] == "1 of 1,028 images predicted as 7 shows another class (0.1 %)."


def test_scores_are_never_said_to_be_confidence_or_percent() -> None:
    sentence = said("scores", confidence=-0.29, right_confidence=6.05)[1]
    assert sentence == (
        "Median score of the answer −0.29, against 6.05 where 7 was predicted right "
        "(more than chance, p < 0.0001)."
    )


def test_a_difference_within_noise_is_called_so() -> None:
    assert "(within noise, p = 0.21)" in said(confidence_test=MannWhitneyTest(0.45, 0.2104))[1]
    assert "(within noise, p = 0.05)" in said(confidence_test=MannWhitneyTest(0.45, 0.05))[1]
    assert said(contrasts=())[-1] == (
        "Their shapes do not differ from those of the images of 7 predicted right by more "
        "than chance."
    )


def test_too_few_images_read_right_are_told() -> None:
    few = {"confidence_test": None, "contrasts": None}
    assert said(right_count=2, **few)[-1] == (
        "Too few to compare them with: 2 images of 7 predicted right, at least 5 are needed."
    )
    none = said(right_count=0, right_confidence=np.nan, **few)
    assert none[1] == "Median confidence 71.2 %."


def test_an_unknown_runner_up_is_not_mentioned() -> None:
    assert not [sentence for sentence in said(runner_up=None) if "second" in sentence]


def test_three_differences_are_listed_with_commas() -> None:
    more = [Contrast(name, 20.4, 10.2, 0.9, 0.001) for name in ("width", "ink", "slant")]
    assert said(contrasts=tuple(more))[-1] == (
        "Compared with the images of 7 predicted right, they are wider "
        "(median 20 against 10 px), have more ink "
        "(median 20 against 10 px) and lean more to the right (median 20° against 10°)."
    )


@pytest.mark.parametrize(
    ("superiority", "phrase"),
    [(0.62, "are taller (in 62.0 % of pairs)"), (0.3, "are lower (in 70.0 % of pairs)")],
)
def test_where_medians_are_the_same_the_share_of_pairs_is_said(superiority, phrase) -> None:
    assert phrase in said(contrasts=(Contrast("height", 20, 20, superiority, 0.01),))[-1]


def test_a_median_just_below_zero_has_no_sign() -> None:
    assert "(median 0° against 3°)" in said(contrasts=(Contrast("slant", -0.2, 3, 0.3, 0.01),))[-1]
