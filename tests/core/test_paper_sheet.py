"""A digit on a sheet that does not fill its photograph is read; a shadow is no sheet's edge."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from mnist_core.datasets import Dataset
from mnist_core.inference.prediction import predict
from mnist_core.pictures.paper_sheet import on_sheet
from mnist_core.pictures.sketch import to_mnist

HEIGHT, WIDTH = 360, 480


def table(kind: str, random: np.random.Generator) -> np.ndarray:
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    if kind == "wood":
        return 95 + 20 * np.sin((columns + 0.4 * rows) / 15) + random.normal(0, 4, rows.shape)
    if kind == "checks":
        return np.where((columns // 40 + rows // 40) % 2, 40.0, 110.0)
    return np.full(rows.shape, 45.0) + random.normal(0, 4, rows.shape)


def photograph(digit: np.ndarray, kind: str, random: np.random.Generator) -> np.ndarray:
    """A digit on a tilted sheet in light from one side; as chalk it is light on a dark sheet."""
    paper, ink, ground = (215, 50, 0) if kind != "chalk" else (45, 220, 130)
    size = int(random.uniform(100, 180))
    drawn = np.asarray(Image.fromarray(digit).resize((size, size), Image.Resampling.BICUBIC))
    page = np.zeros((int(random.uniform(200, 280)), int(random.uniform(220, 360))))
    top, left = ((side - size) // 2 for side in page.shape)
    page[top : top + size, left : left + size] = drawn / 255
    page = paper * (1 - page) + ink * page
    angle = random.uniform(-10, 10)
    tilted = ndimage.rotate(page, angle, order=1)
    mask = ndimage.rotate(np.ones_like(page), angle, order=1) > 0.5
    picture = table(kind, random) + ground
    top, left = (
        int(random.uniform(0, max(1, room - side)))
        for room, side in zip(picture.shape, mask.shape, strict=True)
    )
    inside = picture[top : top + mask.shape[0], left : left + mask.shape[1]]
    mask = mask[: inside.shape[0], : inside.shape[1]]
    inside[mask] = tilted[: mask.shape[0], : mask.shape[1]][mask]
    light = np.linspace(0.85, 1.15, WIDTH)[None, :]
    noisy = picture * light + random.normal(0, 3, picture.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def test_a_digit_on_a_sheet_on_a_table_is_read(mnist_5k: Dataset, bundled_models: Path) -> None:
    split, model = mnist_5k.split("validation"), bundled_models / "simple-conv" / "epoch-08.keras"
    right = np.flatnonzero(predict(model, split.images).argmax(axis=1) == split.labels)
    random, seen, labels = np.random.default_rng(3), [], []
    for number, place in enumerate(right[:: len(right) // 24][:24]):
        kind = ("dark", "wood", "checks", "chalk")[number % 4]
        sketch = to_mnist(photograph(split.images[place], kind, random))
        seen.append(np.zeros((28, 28), np.uint8) if sketch is None else sketch.image)
        labels.append(split.labels[place])
    assert (predict(model, np.stack(seen)).argmax(axis=1) == labels).sum() >= 22


@pytest.mark.parametrize("softness", [0.0, 6.0])
def test_a_digit_half_in_a_shadow_is_left_as_it_is(mnist_5k: Dataset, softness: float) -> None:
    digit = mnist_5k.split("validation").images[250]
    drawn = np.asarray(Image.fromarray(digit).resize((240, 240), Image.Resampling.BICUBIC))
    page = np.full((HEIGHT, WIDTH), 220.0)
    page[60:300, 120:360] -= drawn / 255 * 170
    shadow = np.where(np.arange(WIDTH) < 250, 1.0, 0.6)
    picture = page * ndimage.gaussian_filter(shadow, softness) if softness else page * shadow
    grey = picture.astype(np.float32)
    assert on_sheet(grey) is grey


def test_a_picture_that_is_all_paper_is_left_as_it_is() -> None:
    random = np.random.default_rng(0)
    for grey in (
        np.full((50, 60), 230, np.float32),
        np.clip(random.normal(200, 10, (200, 300)), 0, 255).astype(np.float32),
        np.zeros((28, 28), np.float32),
        random.uniform(0, 255, (6, 400)).astype(np.float32),
    ):
        assert on_sheet(grey) is grey
