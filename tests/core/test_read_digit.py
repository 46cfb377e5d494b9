"""What a model reads in what was drawn: on a blank sheet, on an image, and on paper."""

import io

import numpy as np
import pytest
from PIL import Image

from mnist_core.errors import SketchError
from mnist_core.inference.prediction import predict
from mnist_core.inference.read_digit import ReadDigit, read_digit
from mnist_core.pictures.sketch import to_mnist
from mnist_core.runs import Run


def strokes(*, ink: bool = True) -> bytes:
    """A one, drawn in the middle of a transparent sheet."""
    levels = np.zeros((280, 280, 4), np.uint8)
    if ink:
        levels[40:240, 130:150] = (17, 17, 17, 255)
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "PNG")
    return file.getvalue()


def check(found: ReadDigit | None, image: np.ndarray, run: Run) -> None:
    assert found is not None
    assert np.array_equal(found.image, image)
    assert np.array_equal(found.outputs, predict(run.checkpoint(3).path, image[None])[0])
    assert not found.image.flags.writeable
    assert not found.outputs.flags.writeable


def test_strokes_on_a_blank_sheet_are_read_as_the_same_ink_on_paper(tiny_run: Run) -> None:
    paper = np.full((280, 280), 255, np.uint8)
    paper[40:240, 130:150] = 0
    sketch = to_mnist(paper)
    assert sketch is not None
    model = tiny_run.checkpoint(3).path
    check(read_digit(strokes(), model), sketch.image, tiny_run)
    check(read_digit(paper, model), sketch.image, tiny_run)


def test_strokes_on_an_image_stay_in_its_frame(tiny_run: Run) -> None:
    below = np.zeros((28, 28), np.uint8)
    below[20] = 100
    image = below.copy()
    image[4:24, 13:15] = 255
    check(read_digit(strokes(), tiny_run.checkpoint(3).path, below), image, tiny_run)


@pytest.mark.parametrize("on", [None, np.full((28, 28), 9, np.uint8)], ids=["blank", "image"])
def test_without_ink_there_is_nothing_to_read(tiny_run: Run, on: np.ndarray | None) -> None:
    assert read_digit(strokes(ink=False), tiny_run.checkpoint(3).path, on) is None


def test_what_is_no_drawing_is_refused(tiny_run: Run) -> None:
    with pytest.raises(SketchError):
        read_digit(b"%!PS-Adobe-3.0", tiny_run.checkpoint(3).path)
