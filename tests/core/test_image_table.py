"""The table of images, read back by pandas."""

import io

import numpy as np
import pandas as pd

from mnist_core.answers.evaluation import Answers, evaluate
from mnist_core.answers.image_table import image_table
from mnist_core.shapes import Shapes

NAMES = ("zero", "one", "two")
Y_TRUE = np.array([0, 1, 2], np.uint8)
Y_PROB = np.array([[0.5, 0.25, 0.25], [0.25, 0.25, 0.5], [0.0, 0.125, 0.875]], np.float32)
SHAPES = Shapes({"ink": np.array([3.0, np.nan, 1.5]), "newcomer": np.array([7.0, 8.0, 9.0])})


def test_every_line_says_what_the_model_answered_in_the_order_asked_for() -> None:
    text = image_table(evaluate(Y_TRUE, Y_PROB), np.array([2, 1]), NAMES, SHAPES)
    table = pd.read_csv(io.StringIO(text))
    assert list(table["index"]) == [2, 1]
    assert list(table["true"]) == ["two", "one"]
    assert list(table["predicted"]) == ["two", "two"]
    assert list(table["top 1"]) == ["two", "two"]
    assert list(table["top 2"]) == ["one", "zero"]
    np.testing.assert_allclose(table["loss"], -np.log([0.875, 0.25]), rtol=1e-6)
    given = table[[f"probability of {name}" for name in NAMES]]
    np.testing.assert_allclose(given, Y_PROB[[2, 1]])
    np.testing.assert_array_equal(table["ink"], [1.5, np.nan])
    assert list(table["newcomer"]) == [9, 8]


def test_of_recorded_answers_there_is_only_the_confidence() -> None:
    text = image_table(Answers(Y_TRUE, Y_TRUE, np.ones(3), 3), np.array([0]), NAMES, SHAPES)
    assert text == "index,true,predicted,confidence,ink,newcomer\n0,zero,zero,1,3,7\n"
