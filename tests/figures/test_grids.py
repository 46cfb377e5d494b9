"""Tables of buttons say what scikit-learn counts, in texts, labels, hints and colours."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import binomtest
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

from dashboard.drawing.grids.changes import changes_grid, predictions_grid
from dashboard.drawing.grids.confusion import FEWEST, MatrixDisplay, confusion_grid, film
from dashboard.drawing.grids.grid import Grid, Legend, Part
from dashboard.drawing.grids.ribbon import ribbon_grid
from dashboard.drawing.matrix_colours import cell_levels
from mnist_core.answers.comparison import Comparison
from mnist_core.answers.evaluation import Answers
from mnist_core.formatting import decimals, interval
from mnist_core.runs import EpochPredictions

NAMES = ("zero", "one", "two", "three", "four", "five")
CLASSES = range(len(NAMES))
NOBODYS, RARE, NEVER = 5, 4, 3
"""A class without images that is never predicted, one with few, one that is never predicted."""


@pytest.fixture(scope="module")
def answers() -> Answers:
    """400 images of six classes of which a model gets two thirds right."""
    random = np.random.default_rng(3)
    y_true = random.choice([0, 1, 2, NEVER], size=400).astype(np.uint8)
    y_true[:6] = RARE
    guesses = random.choice([0, 1, 2, RARE], size=400)
    y_pred = np.where(random.random(400) < 0.75, y_true, guesses)
    y_pred[y_pred == NEVER] = 0
    return Answers(y_true, y_pred, random.random(400).astype(np.float32), len(NAMES))


@pytest.fixture(scope="module")
def matrix(answers: Answers) -> np.ndarray:
    return confusion_matrix(answers.y_true, answers.y_pred, labels=CLASSES)


def grid_of(answers: Answers, display: MatrixDisplay | None = None, **options: object) -> Grid:
    return confusion_grid(answers, class_names=NAMES, display=display or MatrixDisplay(), **options)


def parts(grid: Grid) -> dict[tuple[int, int], Part]:
    """The buttons of the cells, which have one each, by the classes of their row and column."""
    return {
        (row.id, column.id): cell[0]
        for row, cells in zip(grid.rows, grid.cells, strict=True)
        for column, cell in zip(grid.columns, cells, strict=True)
    }


def wilson(part: int, whole: int, places: int | None = None) -> str:
    """SciPy's 95 % interval of a share, as it is written."""
    places = decimals([part / whole]) if places is None else places
    return interval(tuple(binomtest(part, whole).proportion_ci(method="wilson")), places)


def written(share: float) -> str:
    """A share without its sign: one decimal, two above 99, a dash for none."""
    if np.isnan(share):
        return "–"
    return f"{100 * share:.2f}" if 0.99 < share < 1 else f"{100 * share:.1f}"


def told(name: str, part: int, whole: int, otherwise: str) -> str:
    """A share with its name and interval."""
    return f"{name} {written(part / whole)} % {wilson(part, whole)}" if whole else otherwise


def images(count: int) -> str:
    return "1 image" if count == 1 else f"{count:,} images"


def test_cells_say_counts_with_shares_and_intervals(answers: Answers, matrix: np.ndarray) -> None:
    for (true, predicted), part in parts(grid_of(answers)).items():
        count, support = matrix[true, predicted], matrix[true].sum()
        label = f"{NAMES[true]} predicted as {NAMES[predicted]}: {images(count)}"
        assert part.text == (str(count) if count else "")
        assert part.label == label
        if support:
            share = f"{written(count / support)} % {wilson(count, support)} of all {NAMES[true]}s"
            assert part.hint == f"{label}, {share}"
        else:
            assert part.hint == label


@pytest.mark.parametrize(("cells", "axis"), [("share", 1), ("predicted", 0)])
def test_cells_say_the_share_of_the_true_or_of_the_predicted_class(
    answers: Answers, matrix: np.ndarray, cells: str, axis: int
) -> None:
    wholes = matrix.sum(axis=axis)
    for cell, part in parts(grid_of(answers, MatrixDisplay(cells))).items():
        count, whole = matrix[cell], wholes[cell[1 - axis]]
        assert part.text == (f"{100 * count / whole:.1f}" if count else "")
        assert (part.kind == "few") == (whole < FEWEST)
        if whole:
            name = NAMES[cell[1 - axis]]
            which = f"predicted as {name}" if cells == "predicted" else f"{name}s"
            of = f"{wilson(count, whole)} of all {which}"
            assert part.hint.endswith(of)


def test_mistakes_leave_the_diagonal_empty(answers: Answers, matrix: np.ndarray) -> None:
    for (true, predicted), part in parts(grid_of(answers, MatrixDisplay("mistakes"))).items():
        count = 0 if true == predicted else matrix[true, predicted]
        assert part.text == (str(count) if count else "")
        assert part.kind == ("right" if true == predicted else "")
        assert (part.level > 0) == (count > 0)


def test_edges_are_those_of_scikit_learn(answers: Answers, matrix: np.ndarray) -> None:
    precision, recall, f1, support = precision_recall_fscore_support(
        answers.y_true, answers.y_pred, labels=CLASSES, zero_division=np.nan
    )
    grid = grid_of(answers)
    right = matrix.diagonal()
    found, balanced, counted = grid.right
    (precise,) = grid.bottom
    assert list(found.texts) == [written(share) for share in recall]
    assert list(balanced.texts) == [written(share) for share in f1]
    assert list(counted.texts) == [str(n) for n in support]
    assert list(precise.texts) == [written(share) for share in precision]
    for k in CLASSES:
        positive = int(matrix[:, k].sum())
        assert found.labels[k] == told("Recall", right[k], support[k], "No image")
        assert precise.labels[k] == told("Precision", right[k], positive, "Never predicted")
    assert balanced.labels[NOBODYS] == "F1 –"
    accuracy = accuracy_score(answers.y_true, answers.y_pred)
    text, label = grid.corner
    assert text == f"{100 * accuracy:.1f} %"
    assert label == f"Accuracy {text} {wilson(right.sum(), len(answers))}"


def test_headers_say_what_is_behind_them(answers: Answers, matrix: np.ndarray) -> None:
    grid = grid_of(answers)
    assert grid.whole == "All mistakes"
    for k in CLASSES:
        right, support, positive = matrix[k, k], matrix[k].sum(), matrix[:, k].sum()
        row, column = grid.rows[k].label, grid.columns[k].label
        if support:
            assert row.startswith(
                f"Class {NAMES[k]}: {images(support)}, {support - right} missed. "
            )
            assert f"Recall {written(right / support)} % {wilson(right, support)}" in row
        if positive:
            assert column.startswith(f"Class {NAMES[k]}: predicted for {images(positive)}, ")
            wrong = positive - right
            assert f", {wrong} false positive{'' if wrong == 1 else 's'}. " in column
            assert f"Precision {written(right / positive)} % {wilson(right, positive)}" in column
    assert grid.rows[NOBODYS].label == "Class five: no image"
    assert grid.columns[NEVER].label == "Class three: never predicted"


@given(
    arrays(np.float64, 12, elements=st.floats(0, 1e5)),
    st.booleans(),
    st.floats(1, 10),
)
def test_levels_rise_with_the_values_from_nothing_to_one(
    values: np.ndarray, logarithmic: bool, beyond: float
) -> None:
    most = max(float(values.max()) * beyond, 1.0)
    found = cell_levels(values, "counts", most=most, logarithmic=logarithmic)
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found[np.argsort(values)]) >= 0).all()
    assert (found[values == 0] == 0).all()
    fullest = cell_levels(np.array([most]), "counts", most=most, logarithmic=logarithmic)
    assert fullest == pytest.approx(1)


def test_logarithmic_colours_bring_out_what_linear_ones_hide() -> None:
    values = np.array([1, 999])
    linear = cell_levels(values, "counts", logarithmic=False)
    assert linear.tolist() == pytest.approx([1 / 999, 1])
    logarithmic = cell_levels(values, "counts", logarithmic=True)
    assert logarithmic[0] == pytest.approx(np.log(2) / np.log(1000))


def test_the_legend_ends_with_the_largest_value(answers: Answers, matrix: np.ndarray) -> None:
    assert grid_of(answers).legend == Legend("0", str(matrix.max()), "images, logarithmic")
    grid = grid_of(answers, MatrixDisplay("share", colours="linear"))
    most = max(matrix[k].max() / matrix[k].sum() for k in CLASSES if matrix[k].any())
    assert grid.legend == Legend("0", f"{written(most)} %", "of the true class, linear")
    for (true, predicted), part in parts(grid).items():
        share = matrix[true, predicted] / max(matrix[true].sum(), 1)
        assert part.level == pytest.approx(share / most, abs=0.0006)


def test_a_matrix_without_a_mistake_has_no_colour_where_only_mistakes_count() -> None:
    y_true = np.arange(6, dtype=np.uint8)
    perfect = Answers(y_true, y_true, np.ones(6), 6)
    grid = grid_of(perfect, MatrixDisplay("mistakes"))
    assert {part.level for part in parts(grid).values()} == {0}
    assert grid.legend
    assert grid.legend.high == "0"


def test_classes_that_nobody_saw_can_be_hidden(answers: Answers) -> None:
    shown = grid_of(answers, MatrixDisplay(empty="hidden"))
    assert [line.id for line in shown.rows] == [0, 1, 2, NEVER, RARE]
    assert shown.columns == grid_of(answers).columns[:NOBODYS]
    assert len(shown.right[0].texts) == len(shown.bottom[0].texts) == len(shown.cells) == NOBODYS


def test_a_class_that_is_predicted_but_never_true_is_not_hidden() -> None:
    answers = Answers(np.array([0, 0]), np.array([0, 2]), np.ones(2), 4)
    shown = confusion_grid(answers, class_names="abcd", display=MatrixDisplay(empty="hidden"))
    assert [line.id for line in shown.rows] == [0, 2]


@pytest.mark.parametrize(("cells", "axis"), [("share", 0), ("predicted", 1)])
def test_a_share_of_fewer_than_ten_images_is_drawn_grey(cells: str, axis: int) -> None:
    sides = np.repeat([0, 1], [9, 10]), np.zeros(19, int)
    answers = Answers(sides[axis], sides[1 - axis], np.ones(19), 2)
    grid = confusion_grid(answers, class_names="ab", display=MatrixDisplay(cells=cells))
    kinds = {cell: part.kind for cell, part in parts(grid).items()}
    of_ten = (1, 0) if axis == 0 else (0, 1)
    assert kinds[0, 0] == "few"
    assert kinds[of_ten] == ""
    assert FEWEST == 10


@pytest.mark.parametrize("empty", ["shown", "hidden"])
def test_another_order_moves_lines_with_all_that_belongs_to_them(
    answers: Answers, empty: str
) -> None:
    by_number = grid_of(answers, MatrixDisplay(empty=empty))
    confused = grid_of(answers, MatrixDisplay(order="confusion", empty=empty))
    order = [line.id for line in confused.rows]
    assert sorted(order) == [line.id for line in by_number.rows]
    assert order != sorted(order)
    assert parts(confused) == parts(by_number)
    assert list(confused.rows) == [by_number.rows[k] for k in order]
    assert list(confused.columns) == [by_number.columns[k] for k in order]
    edges = [(*grid.right, *grid.bottom) for grid in (confused, by_number)]
    for mixed, straight in zip(*edges, strict=True):
        assert list(mixed.texts) == [straight.texts[k] for k in order]
        assert list(mixed.labels) == [straight.labels[k] for k in order]


@pytest.mark.parametrize("order", ["number", "confusion"])
def test_pictures_are_the_most_confident_mistakes(answers: Answers, order: str) -> None:
    numbers = np.arange(len(answers), dtype=np.uint16)
    images = np.broadcast_to(numbers[:, None, None], (len(answers), 28, 28))
    grid = grid_of(answers, MatrixDisplay("pictures", order=order), images=images)
    for (true, predicted), part in parts(grid).items():
        here = np.flatnonzero((answers.y_true == true) & (answers.y_pred == predicted))
        if true == predicted or not here.size:
            assert part.picture is None
            assert not part.text
        else:
            assert part.picture is not None
            assert grid.pictures[part.picture, 0, 0] == here[answers.confidence[here].argmax()]
            assert part.text == str(len(here))
    assert grid.legend is None


def test_a_film_has_one_scale_of_colours(answers: Answers) -> None:
    y_true = answers.y_true
    perfect = Answers(y_true, y_true, answers.confidence, len(NAMES))
    at_first = Answers(y_true, np.zeros(len(y_true), int), answers.confidence, len(NAMES))
    for cells in ("counts", "share", "predicted", "mistakes"):
        frames = film([at_first, answers, perfect], class_names=NAMES, display=MatrixDisplay(cells))
        assert len({frame.legend for frame in frames}) == 1
        by_text: dict[str, set[float]] = {}
        for frame in frames:
            for part in parts(frame).values():
                by_text.setdefault(part.text, set()).add(part.level)
        if cells in ("counts", "mistakes"):
            assert all(len(found) == 1 for found in by_text.values())
        assert max(max(found) for found in by_text.values()) == 1


@pytest.fixture(scope="module")
def comparison(answers: Answers) -> Comparison:
    random = np.random.default_rng(5)
    others = np.where(random.random(400) < 0.2, random.integers(0, 5, 400), answers.y_pred)
    return Comparison(answers, Answers(answers.y_true, others, answers.confidence, len(NAMES)))


def test_cells_of_changes_are_split_as_scikit_learn_counts_them(comparison: Comparison) -> None:
    grid = changes_grid(comparison, class_names=NAMES)
    y_true = comparison.after.y_true
    before, after = comparison.before.y_pred, comparison.after.y_pred
    groups = {
        "repaired": ((before != y_true) & (after == y_true), before, "repaired"),
        "broken": ((before == y_true) & (after != y_true), after, "broken"),
        "still": ((before != y_true) & (after != y_true), after, "still wrong"),
    }
    shown = {
        (row.id, column.id, part.kind): part
        for row, cells in zip(grid.rows, grid.cells, strict=True)
        for column, cell in zip(grid.columns, cells, strict=True)
        for part in cell
    }
    expected = {}
    for kind, (among, mistaken, called) in groups.items():
        counts = confusion_matrix(y_true[among], mistaken[among], labels=CLASSES)
        for true, predicted in np.argwhere(counts):
            count = counts[true, predicted]
            label = f"True {NAMES[true]}, predicted {NAMES[predicted]}, {called}: {images(count)}"
            expected[true, predicted, kind] = Part(str(count), label, kind=kind)
    assert shown == expected
    right_before = confusion_matrix(y_true, before, labels=CLASSES).diagonal()
    gained = confusion_matrix(y_true, after, labels=CLASSES).diagonal() - right_before
    (balance,) = grid.right
    assert [int(text.replace("−", "-")) for text in balance.texts] == gained.tolist()
    assert set(np.sign(gained)) == {-1, 0, 1}
    for name, n, label in zip(NAMES, gained, balance.labels, strict=True):
        assert label == f"{name}: {images(abs(n))} {'fewer' if n >= 0 else 'more'} missed"


def test_predictions_stand_against_predictions(comparison: Comparison) -> None:
    grid = predictions_grid(comparison, class_names=NAMES)
    before, after = comparison.before.y_pred, comparison.after.y_pred
    counts = confusion_matrix(before, after, labels=CLASSES)
    for cell, part in parts(grid).items():
        count = counts[cell]
        assert part.text == (str(count) if count else "")
        assert part.label == f"{NAMES[cell[0]]} before, {NAMES[cell[1]]} after: {images(count)}"
        assert part.level == round(np.log1p(count) / np.log1p(counts.max()), 3)
        assert part.kind == ("right" if cell[0] == cell[1] else "")
    assert grid.legend
    assert grid.legend.unit.endswith(f"the two agree on {np.sum(before == after)}")


RECORDED = EpochPredictions(
    (1, 2, 5),  # 3 and 4 were not recorded
    np.array([[2, 0, 1], [0, 0, 1], [0, 0, 2]], np.uint8),
    np.array([[0.5, 0.25, 1], [0.75, 1, 1], [1, 1, 0.5]], np.float16),
)


def test_a_ribbon_has_a_button_for_every_recorded_epoch() -> None:
    scores = np.array([[1.5], [-0.25]], np.float16)
    linear = EpochPredictions((2, 3), np.array([[1], [0]], np.uint8), scores)
    recorded = [("a run", RECORDED, "probabilities"), ("linear", linear, "scores")]
    grid = ribbon_grid(recorded, 0, true=0, class_names=NAMES)
    assert [line.name for line in grid.rows] == ["a run", "linear"]
    assert [line.id for line in grid.columns] == [1, 2, 3, 5]
    (first, second, third, last), (none, fourth, fifth, also_none) = grid.cells
    assert third == none == also_none == []
    assert [part.text for (part,) in (first, second, last)] == ["two", "zero", "zero"]
    assert [part.kind for (part,) in (first, second, last)] == ["wrong", "right", "right"]
    assert [part.level for (part,) in (first, second, last)] == [0.5, 0.75, 1]
    assert first[0].label == "a run, epoch 1: two, 50.0 %, wrong"
    assert fourth[0].label == "linear, epoch 2: one, score 1.50, wrong"
    assert fifth[0].label == "linear, epoch 3: zero, score -0.25, right"
    assert fourth[0].level == fifth[0].level == 0.5


def test_what_crosses_to_the_browser_is_plain(answers: Answers, comparison: Comparison) -> None:
    blank = np.zeros((len(answers), 28, 28), np.uint8)
    grids = [
        grid_of(answers, MatrixDisplay("pictures"), images=blank),
        changes_grid(comparison, class_names=NAMES),
        ribbon_grid([("a run", RECORDED, "scores")], 0, true=0, class_names=NAMES),
    ]
    for grid in grids:
        assert_plain(grid.as_data())


def assert_plain(value: object) -> None:
    if isinstance(value, dict):
        assert all(type(name) is str for name in value)
        value = list(value.values())
    if isinstance(value, list | tuple):
        for inner in value:
            assert_plain(inner)
    else:
        assert isinstance(value, str | int | float | None)


def test_all_shares_of_the_table_have_as_many_decimals_as_the_one_that_needs_most() -> None:
    y_true = np.repeat([0, 1], 1_000).astype(np.uint8)
    y_pred = y_true.astype(int)
    y_pred[:150] = 1
    y_pred[1_000] = 0
    few = Answers(y_true, y_pred, np.ones(2_000), 2)
    for cells in ("counts", "share"):
        grid = confusion_grid(few, class_names="ab", display=MatrixDisplay(cells))
        shares = [*grid.right[0].texts, *grid.right[1].texts, *grid.bottom[0].texts]
        shares += [grid.corner[0].removesuffix(" %")]
        if cells == "share":
            shares += [part.text for row in grid.cells for cell in row for part in cell]
        assert shares[0] == "85.00"
        assert "99.90" in shares
        assert {len(share.split(".")[1]) for share in shares} == {2}
