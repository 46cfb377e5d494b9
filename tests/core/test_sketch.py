"""Digits in many positions, sizes, pens, polarities and lights come out in MNIST's format."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from scipy import ndimage

from mnist_core.datasets import Dataset
from mnist_core.errors import SketchError
from mnist_core.inference.prediction import predict
from mnist_core.pictures import read_picture
from mnist_core.pictures.ink import _full_ink
from mnist_core.pictures.sketch import Sketch, from_strokes, to_mnist
from mnist_core.pictures.strokes import Strokes, read_strokes, with_strokes
from mnist_core.shapes import measure

PER_KIND = 40
Draw = Callable[[np.ndarray, np.random.Generator], np.ndarray]


@pytest.fixture(scope="module")
def model(bundled_models: Path) -> Path:
    return bundled_models / "simple-conv" / "epoch-08.keras"


@pytest.fixture(scope="module")
def readable(mnist_5k: Dataset, model: Path) -> tuple[np.ndarray, np.ndarray]:
    """Digits that the model never trained on and reads right as they are, so that only what
    the pictures do to them can make it read them wrong."""
    split = mnist_5k.split("validation")
    right = predict(model, split.images).argmax(axis=1) == split.labels
    return split.images[right], split.labels[right]


def enlarged(digit: np.ndarray, height: int) -> np.ndarray:
    """Ink 0–255 of a digit drawn so high."""
    rows, columns = np.flatnonzero(digit.any(axis=1)), np.flatnonzero(digit.any(axis=0))
    cut = np.pad(digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], 2)
    size = max(1, round(cut.shape[1] * height / 20)), max(1, round(cut.shape[0] * height / 20))
    return np.asarray(Image.fromarray(cut).resize(size, Image.Resampling.BICUBIC))


def with_pen(ink: np.ndarray, height: int, change: float) -> np.ndarray:
    """Ink with its edges moved outward by `change` pixels of the digit's 20."""
    mask = np.pad(ink, round(abs(change) * height / 20) + 2) > 127
    inside, outside = ndimage.distance_transform_edt(mask), ndimage.distance_transform_edt(~mask)
    distance = np.where(mask, inside - 0.5, 0.5 - outside)
    return (np.clip(distance + change * height / 20 + 0.5, 0, 1) * 255).astype(np.uint8)


def somewhere(ink: np.ndarray, random: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Ink anywhere on a sheet of at least this size, in a corner too."""
    height, width = max(height, len(ink)), max(width, ink.shape[1])
    sheet = np.zeros((height, width), np.uint8)
    top = random.integers(0, height - len(ink) + 1)
    left = random.integers(0, width - ink.shape[1] + 1)
    sheet[top : top + len(ink), left : left + ink.shape[1]] = ink
    return sheet


def as_jpeg(picture: np.ndarray) -> np.ndarray:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=60)
    return np.asarray(Image.open(file))


def small(digit: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return 255 - somewhere(enlarged(digit, random.integers(30, 60)), random, 400, 500)


def large(digit: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return 255 - somewhere(enlarged(digit, random.integers(300, 700)), random, 800, 900)


def light_on_dark(digit: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return somewhere(enlarged(digit, random.integers(60, 300)), random, 400, 400)


def thin(digit: np.ndarray, random: np.random.Generator) -> np.ndarray:
    height = int(random.integers(60, 400))
    ink = with_pen(enlarged(digit, height), height, -random.uniform(0.2, 0.7))
    return 255 - somewhere(ink, random, 2 * height, 2 * height)


def thick(digit: np.ndarray, random: np.random.Generator) -> np.ndarray:
    height = int(random.integers(60, 400))
    ink = with_pen(enlarged(digit, height), height, random.uniform(0.2, 0.9))
    return somewhere(ink, random, 2 * height, 2 * height)


def transparent(digit: np.ndarray, random: np.random.Generator) -> np.ndarray:
    ink = somewhere(enlarged(digit, random.integers(60, 200)), random, 300, 300)
    return np.dstack([np.zeros_like(ink)] * 3 + [ink])


def compressed(digit: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return as_jpeg(255 - somewhere(enlarged(digit, random.integers(40, 300)), random, 500, 500))


def specked(digit: np.ndarray, random: np.random.Generator) -> np.ndarray:
    sheet = somewhere(enlarged(digit, random.integers(100, 400)), random, 600, 700).copy()
    for top, left in random.integers(0, 590, (30, 2)):
        sheet[top : top + 3, left : left + 3] = 255
    return 255 - sheet


def photographed(digit: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Dark ink on grey paper, light from one side, a soft shadow, noise, JPEG."""
    ink = somewhere(enlarged(digit, random.integers(100, 450)), random, 480, 640) / 255.0
    rows, columns = np.mgrid[0 : 1 : len(ink) * 1j, 0 : 1 : ink.shape[1] * 1j]
    angle, shadow = random.uniform(0, 2 * np.pi, 2)
    light = 1 + random.uniform(0.1, 0.3) * 2 * (
        np.cos(angle) * (columns - 0.5) + np.sin(angle) * (rows - 0.5)
    )
    edge = np.cos(shadow) * (columns - 0.5) + np.sin(shadow) * (rows - 0.5)
    light *= 1 - random.uniform(0.1, 0.35) / (1 + np.exp(-edge / random.uniform(0.04, 0.1)))
    grey = (random.uniform(185, 225) * (1 - ink) + random.uniform(20, 80) * ink) * light
    noisy = grey + random.normal(0, random.uniform(2, 6), grey.shape)
    return as_jpeg(np.clip(noisy, 0, 255).astype(np.uint8))


KINDS = (
    small, large, light_on_dark, thin, thick, transparent, compressed, specked, photographed
)  # fmt: skip

STROKES = {
    0: [[(0.5, 0), (0.2, 0.1), (0.05, 0.5), (0.2, 0.9), (0.5, 1), (0.8, 0.9), (0.95, 0.5),
         (0.8, 0.1), (0.5, 0)]],
    1: [[(0.5, 0), (0.5, 1)]],
    2: [[(0.1, 0.25), (0.3, 0.02), (0.7, 0.02), (0.9, 0.25), (0.8, 0.5), (0.1, 1), (0.95, 1)]],
    3: [[(0.1, 0.1), (0.5, 0), (0.85, 0.2), (0.75, 0.42), (0.4, 0.5), (0.8, 0.58), (0.9, 0.8),
         (0.5, 1), (0.1, 0.9)]],
    4: [[(0.2, 0), (0.1, 0.55), (0.9, 0.55)], [(0.75, 0.05), (0.7, 1)]],
    5: [[(0.2, 0.03), (0.15, 0.45), (0.6, 0.4), (0.9, 0.65), (0.75, 0.93), (0.4, 1), (0.1, 0.9)],
        [(0.2, 0.03), (0.9, 0)]],
    7: [[(0.1, 0.03), (0.9, 0.03), (0.6, 0.5), (0.4, 1)]],
}  # fmt: skip


def read(model: Path, pictures: list[np.ndarray]) -> np.ndarray:
    """What the model reads in each picture, −1 where there is no ink."""
    seen = [to_mnist(picture) for picture in pictures]
    blank = np.zeros((28, 28), np.uint8)
    images = np.stack([blank if sketch is None else sketch.image for sketch in seen])
    labels = predict(model, images).argmax(axis=1)
    return np.where([sketch is None for sketch in seen], -1, labels)


def sketched(picture: np.ndarray) -> Sketch:
    sketch = to_mnist(picture)
    assert sketch is not None
    return sketch


def test_digits_of_every_kind_are_read_right(readable: tuple, model: Path) -> None:
    images, labels = readable
    right = {}
    for number, kind in enumerate(KINDS):
        random = np.random.default_rng(number)
        chosen = random.permutation(len(images))[:PER_KIND]
        pictures = [kind(images[index], random) for index in chosen]
        right[kind.__name__] = float(np.mean(read(model, pictures) == labels[chosen]))
    assert np.mean(list(right.values())) >= 0.98, right
    assert min(right.values()) >= 0.92, right


@pytest.mark.parametrize("pen", [3, 8, 18, 30])
def test_digits_drawn_on_a_canvas_are_read_right_with_any_pen(pen: int, model: Path) -> None:
    random, drawings, expected = np.random.default_rng(pen), [], []
    for digit, strokes in STROKES.items():
        for _ in range(4):
            canvas = Image.new("L", (280, 280), 255)
            left, top = random.uniform(20, 110), random.uniform(20, 60)
            for stroke in strokes:
                points = [(left + 120 * x, top + 180 * y) for x, y in stroke]
                ImageDraw.Draw(canvas).line(points, fill=17, width=pen, joint="curve")
            drawings.append(np.asarray(canvas))
            expected.append(digit)
    assert np.mean(read(model, drawings) == expected) >= 0.96


def test_an_mnist_digit_on_a_larger_sheet_comes_back_nearly_itself(readable: tuple) -> None:
    random = np.random.default_rng(5)
    differences = []
    for image in readable[0][::40]:
        came_back = sketched(somewhere(image, random, 80, 90)).image
        differences.append(np.abs(came_back.astype(float) - image).mean())
    assert np.median(differences) < 4


def test_the_place_on_the_sheet_does_not_matter(readable: tuple) -> None:
    digit = enlarged(readable[0][3], 80)
    one, other = np.full((2, 300, 300), 255, np.uint8)
    one[: len(digit), : digit.shape[1]] -= digit
    other[150 : 150 + len(digit), 100 : 100 + digit.shape[1]] -= digit
    assert np.array_equal(sketched(one).image, sketched(other).image)


def test_polarity_does_not_matter(readable: tuple) -> None:
    for image in readable[0][::50]:
        picture = somewhere(enlarged(image, 90), np.random.default_rng(1), 250, 250)
        dark, light = sketched(255 - picture).image, sketched(picture).image
        assert np.abs(dark.astype(float) - light).mean() < 2


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_result_is_centred_and_fits_its_box(kind: Draw, readable: tuple) -> None:
    image = sketched(kind(readable[0][11], np.random.default_rng(2))).image
    assert (image.shape, image.dtype) == ((28, 28), np.uint8)
    assert not image.flags.writeable
    rows, columns = np.nonzero(image)
    assert np.ptp(rows) < 20
    assert np.ptp(columns) < 20
    assert max(np.ptp(rows), np.ptp(columns)) >= 18
    centre = ndimage.center_of_mass(image)
    assert np.abs(np.array(centre) - 13.75).max() < 1


@pytest.mark.parametrize("ink", [(255, 255, 255), (0, 0, 0), (250, 240, 120), (40, 60, 200)])
def test_ink_of_any_colour_on_a_transparent_sheet_is_seen(
    ink: tuple[int, int, int], readable: tuple
) -> None:
    opacity = somewhere(enlarged(readable[0][7], 90), np.random.default_rng(0), 200, 200)
    colours = np.broadcast_to(np.array(ink, np.uint8), (*opacity.shape, 3))
    expected = sketched(opacity).image.astype(float)
    assert np.abs(sketched(np.dstack([colours, opacity])).image - expected).mean() < 4


@pytest.mark.parametrize(
    ("ink", "paper"), [((255, 255, 0), (255, 255, 255)), ((200, 60, 60), (60, 130, 60))]
)
def test_ink_that_differs_from_its_paper_in_colour_alone_is_seen(
    ink: tuple[int, int, int], paper: tuple[int, int, int], readable: tuple
) -> None:
    share = somewhere(enlarged(readable[0][7], 90), np.random.default_rng(0), 200, 200)[..., None]
    picture = (np.array(ink) * (share / 255) + np.array(paper) * (1 - share / 255)).astype(np.uint8)
    expected = sketched(share[..., 0]).image.astype(float)
    assert np.abs(sketched(picture).image - expected).mean() < 4


@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_even_sheet_has_no_ink(level: int) -> None:
    assert to_mnist(np.full((280, 280), level, np.uint8)) is None


def test_an_empty_transparent_canvas_has_no_ink() -> None:
    assert to_mnist(np.zeros((280, 280, 4), np.uint8)) is None


def test_a_mark_that_hardly_leaves_the_noise_beneath_a_ruled_line_is_no_ink() -> None:
    picture = np.full((40, 40), 226, np.uint8)
    picture[np.indices(picture.shape).sum(axis=0) % 2 == 1] = 234  # noise of the paper
    picture[4:8] = 192  # a ruled line, which makes what is fainter count as half of full ink
    picture[20:26, 18:22] = 208
    assert to_mnist(picture) is None


def test_paper_with_light_and_noise_has_no_ink() -> None:
    random = np.random.default_rng(3)
    light = np.linspace(140, 220, 640)[None, :] + random.normal(0, 3, (480, 640))
    assert to_mnist(as_jpeg(light.astype(np.uint8))) is None


@pytest.mark.parametrize(
    ("picture", "said"),
    [
        (np.zeros((28, 28)), "float64 of shape (28, 28)"),
        (np.zeros((28, 28, 2), np.uint8), "(28, 28, 2)"),
        (np.zeros(784, np.uint8), "(784,)"),
        (np.zeros((4, 28), np.uint8), "28 × 4"),
    ],
)
def test_an_array_that_is_no_picture_is_refused(picture: np.ndarray, said: str) -> None:
    with pytest.raises(SketchError) as raised:
        to_mnist(picture)
    assert said in str(raised.value)


def test_pictures_are_read_upright_and_with_their_transparency(tmp_path: Path) -> None:
    ink = np.zeros((20, 30, 4), np.uint8)
    ink[5:10, 5:10, 3] = 255
    Image.fromarray(ink).save(tmp_path / "clear.png")
    levels = read_picture(tmp_path / "clear.png")
    assert np.array_equal(levels, ink)
    turned = Image.fromarray(levels[..., 3])
    exif = turned.getexif()
    exif[0x0112] = 6  # the camera was held sideways
    turned.save(tmp_path / "turned.jpg", exif=exif)
    assert read_picture(tmp_path / "turned.jpg").shape == (30, 20)


def test_sixteen_bits_keep_their_range(tmp_path: Path) -> None:
    levels = np.full((20, 20), 65_535, np.uint16)
    levels[5:10, 5:10] = 0
    Image.fromarray(levels).save(tmp_path / "deep.png")
    grey = read_picture(tmp_path / "deep.png")
    assert (grey[0, 0], grey[7, 7]) == (255, 0)


def test_a_file_that_is_no_picture_is_one_clear_error(tmp_path: Path) -> None:
    text, torn, tiny = (tmp_path / name for name in ("notes.png", "torn.png", "tiny.png"))
    text.write_text("not a picture")
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (90, 90), np.uint8)).save(torn)
    torn.write_bytes(torn.read_bytes()[:800])
    Image.new("L", (3, 3)).save(tiny)
    for path in (text, torn, tiny, tmp_path / "nowhere.png"):
        with pytest.raises(SketchError, match=path.name):
            read_picture(path)


def scribble(pen: int) -> np.ndarray:
    """Solid strokes over most of a canvas, dark on light."""
    canvas = Image.new("L", (280, 280), 244)
    points = [(60, 60), (200, 60), (80, 200), (200, 200), (70, 120), (210, 130), (100, 230)]
    ImageDraw.Draw(canvas).line(points, fill=17, width=pen, joint="curve")
    return np.asarray(canvas)


def as_strokes(canvas: np.ndarray) -> np.ndarray:
    return (244 - canvas) / np.float32(244 - 17)


@pytest.mark.parametrize("pen", [30, 40, 60, 90])
def test_solid_ink_stays_solid(pen: int) -> None:
    """Strokes wider than the light correction's reach turned grey, or hollow."""
    canvas = scribble(pen)
    for sketch in (from_strokes(as_strokes(canvas)), to_mnist(canvas), to_mnist(255 - canvas)):
        assert sketch is not None
        within = ndimage.binary_erosion(canvas < 128, iterations=4)
        assert sketch.ink[within].min() > 0.95
        levels = sketch.image[sketch.image > 0]
        assert np.mean(levels > 240) > 0.5  # the others are edges


def test_a_wholly_inked_sheet_and_strokes_at_its_edge_are_ink() -> None:
    full = from_strokes(np.ones((280, 280), np.float32))
    assert full is not None
    assert full.image[6:22, 6:22].min() == 255
    ruled = np.zeros((280, 280), np.float32)
    ruled[:, 130:150] = 1  # a one from edge to edge
    one = from_strokes(ruled)
    assert one is not None
    assert one.image.max() == 255


def test_a_blank_sheet_has_no_ink() -> None:
    assert from_strokes(np.zeros((280, 280), np.float32)) is None


@pytest.mark.parametrize("pen", [3, 8, 18, 30])
def test_strokes_are_read_as_the_same_picture_of_them(pen: int, model: Path) -> None:
    random, seen, expected = np.random.default_rng(pen), [], []
    for digit, strokes in STROKES.items():
        canvas = Image.new("L", (280, 280), 244)
        left, top = random.uniform(20, 110), random.uniform(20, 60)
        for stroke in strokes:
            points = [(left + 120 * x, top + 180 * y) for x, y in stroke]
            ImageDraw.Draw(canvas).line(points, fill=17, width=pen, joint="curve")
        sketch = from_strokes(as_strokes(np.asarray(canvas)))
        assert sketch is not None
        seen.append(sketch.image)
        expected.append(digit)
    assert np.array_equal(predict(model, np.stack(seen)).argmax(axis=1), expected)


def test_strokes_are_put_onto_an_image_in_its_own_frame(readable: tuple) -> None:
    image = readable[0][0]
    nothing = np.zeros((280, 280), np.float32)
    assert np.array_equal(with_strokes(image, Strokes(nothing, nothing)), image)
    strokes = nothing.copy()
    strokes[20:30, 50:60] = 1  # the whole of one pixel
    strokes[30:40, 50:55] = 1  # half of the one beneath
    edited = with_strokes(image, Strokes(strokes, strokes))
    assert edited[2, 5] == 255
    assert edited[3, 5] == round(image[3, 5] + (255 - image[3, 5]) / 2)
    untouched = np.ones((28, 28), bool)
    untouched[2:4, 5] = False
    assert np.array_equal(edited[untouched], image[untouched])


def test_the_eraser_takes_away_its_share_of_the_ink_of_an_image() -> None:
    image = np.full((28, 28), 200, np.uint8)
    covered = np.zeros((280, 280), np.float32)
    covered[20:30, 50:60] = 1
    covered[30:40, 50:55] = 1
    edited = with_strokes(image, Strokes(covered, np.zeros_like(covered)))
    assert (edited[2, 5], edited[3, 5], edited[4, 5]) == (0, 100, 200)


def as_png(levels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "PNG")
    return file.getvalue()


def test_strokes_of_a_canvas_are_its_opacity_and_the_eraser_puts_no_ink() -> None:
    drawn = np.zeros((280, 280, 4), np.uint8)
    drawn[10:20, 10:20] = (17, 17, 17, 255)
    drawn[20:30, 10:20] = (17, 17, 17, 51)
    drawn[30:40, 10:20] = (244, 244, 244, 255)  # the eraser
    strokes = read_strokes(as_png(drawn))
    for layer in (strokes.covered, strokes.ink):
        assert (layer[15, 15], layer[0, 0]) == (1, 0)
        assert layer[25, 15] == pytest.approx(0.2)
    assert (strokes.covered[35, 15], strokes.ink[35, 15]) == (1, 0)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"", "another kind of file"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "another kind of file"),
        (as_png(np.zeros((1_001, 1_000, 4), np.uint8)), "at most 1 megapixels"),
        (as_png(np.zeros((280, 280, 3), np.uint8)), "without transparency"),
        (as_png(np.zeros((280, 280, 4), np.uint8))[:-30], "too early"),
    ],
)
def test_what_is_no_drawing_on_a_canvas_is_refused(sent: bytes, said: str) -> None:
    with pytest.raises(SketchError, match=said):
        read_strokes(sent)


def bar(*, width: int) -> np.ndarray:
    """An upright stroke, 200 pixels high: ten are one pixel of the 20×20 box."""
    paper = np.full((300, 300), 255, np.uint8)
    paper[50:250, 150 - width // 2 : 150 - width // 2 + width] = 0
    return paper


@pytest.mark.parametrize(("drawn", "becomes"), [(6, 2.1), (30, 3.0), (44, 4.4), (80, 4.7)])
def test_only_strokes_unlike_mnists_are_redrawn_and_as_wide_as_they_should_be(
    drawn: int, becomes: float
) -> None:
    image = sketched(bar(width=drawn)).image
    assert measure(image[None])["thickness"][0] == pytest.approx(becomes, abs=0.15)
    assert measure(image[None])["height"][0] == 20


@pytest.mark.parametrize(
    ("side", "gap", "is_kept"),
    [(25, 40, True), (11, 40, True), (9, 40, False), (25, 95, True), (25, 105, False)],
    ids=["near", "just heavy enough", "too light", "just near enough", "too far"],
)
def test_a_part_belongs_to_the_digit_if_it_is_near_and_heavy_enough(
    side: int, gap: int, is_kept: bool
) -> None:
    picture = np.full((300, 400), 255, np.uint8)
    picture[50:250, 40:60] = 0  # 4,000 pixels of ink, of which 3 % are 120
    picture[100 : 100 + side, 60 + gap : 60 + gap + side] = 0
    assert (sketched(picture).ink[:, 60 + gap :].max() > 0) == is_kept


def test_a_part_too_far_from_the_rest_belongs_to_the_digit_by_way_of_a_nearer_one() -> None:
    picture = np.full((300, 400), 255, np.uint8)
    picture[50:250, 40:60] = 0
    picture[100:125, 140:165] = picture[100:125, 245:270] = 0
    assert sketched(picture).ink[:, 245:].max() > 0
    picture[100:125, 140:165] = 255
    assert sketched(picture).ink[:, 245:].max() == 0


@pytest.mark.parametrize(("thickness", "is_line"), [(40, True), (60, False)])
def test_a_bar_across_the_paper_is_a_line_only_if_it_is_thin(thickness: int, is_line: bool) -> None:
    picture = np.full((300, 300), 255, np.uint8)
    picture[120 : 120 + thickness] = 0
    assert (to_mnist(picture) is None) == is_line


def test_a_ruled_line_across_the_paper_is_no_part_of_the_digit() -> None:
    picture = bar(width=30)
    picture[270:273] = 0
    sketch = sketched(picture)
    assert sketch.ink[265:].max() == 0
    assert sketch.ink[50:250].max() == 1


def test_full_ink_is_found_beneath_darker_spots_step_by_step() -> None:
    # What is darker than half of 1 has the mean 0.61, than half of that 0.39, than half of that
    # 0.24, which is where it ends.
    levels = np.repeat([1.0, 0.6, 0.35, 0.2, 0.0], [16, 1_000, 5_000, 20_000, 13_984])
    ink = np.sort(levels)[::-1].reshape(200, 200)
    ink[:4, :4], ink.flat[4:16] = 1, 0.6
    found = _full_ink(ink)
    expected = ink[ink > 0].mean()
    assert found == pytest.approx(expected, rel=1e-3)
