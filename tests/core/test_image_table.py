"""The table of images, read back by pandas."""

import io

import numpy as np
import pandas as pd

from mnist_core.answers.evaluation import Answers, evaluate
from mnist_core.answers.image_table import image_table

NAMES = ("zero", "one", "two")
Y_TRUE = np.array([0, 1, 2], np.uint8)
Y_PROB = np.array([[0.5, 0.25, 0.25], [0.25, 0.25, 0.5], [0.0, 0.125, 0.875]], np.float32)


def test_every_line_says_what_the_model_answered_in_the_order_asked_for() -> None:
    text = image_table(evaluate(Y_TRUE, Y_PROB), np.array([2, 1]), NAMES)
    table = pd.read_csv(io.StringIO(text))
    assert list(table["index"]) == [2, 1]
    assert list(table["true"]) == ["two", "one"]
    assert list(table["predicted"]) == ["two", "two"]
    assert list(table["top 1"]) == ["two", "two"]
    assert list(table["top 2"]) == ["one", "zero"]
    np.testing.assert_allclose(table["loss"], -np.log([0.875, 0.25]), rtol=1e-6)
    given = table[[f"probability of {name}" for name in NAMES]]
    np.testing.assert_allclose(given, Y_PROB[[2, 1]])


def test_of_recorded_answers_there_is_only_the_confidence() -> None:
    text = image_table(Answers(Y_TRUE, Y_TRUE, np.ones(3), 3), np.array([0]), NAMES)
    assert text == "index,true,predicted,confidence\n0,zero,zero,1\n"
