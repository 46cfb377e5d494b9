"""The chart of causes shows every count, and any words as they are."""

from dashboard.drawing.figures.causes import causes_figure


def test_each_cause_is_a_bar_in_the_order_given() -> None:
    figure = causes_figure({"label wrong": 3, "ambiguous": 0, "smudged": 1_234})
    assert list(figure.data[0].y) == ["label wrong", "ambiguous", "smudged"]
    assert list(figure.data[0].x) == [3, 0, 1_234]
    assert list(figure.data[0].text) == ["3", "0", "1,234"]
    assert figure.layout.yaxis.autorange == "reversed"  # the first one on top
    assert figure.layout.xaxis.title.text == "Images"


def test_there_are_no_half_images_on_the_axis() -> None:
    assert causes_figure({"ambiguous": 2}).layout.xaxis.dtick == 1
    assert causes_figure({"ambiguous": 200}).layout.xaxis.dtick is None
    assert causes_figure({}).layout.xaxis.dtick == 1


def test_words_that_look_like_numbers_dates_or_markup_stay_words() -> None:
    figure = causes_figure({"7": 1, "2026-01-01": 2, "<b>a & b</b>": 3})
    assert figure.layout.yaxis.type == "category"
    assert list(figure.data[0].y) == ["7", "2026-01-01", "&lt;b&gt;a &amp; b&lt;/b&gt;"]


def test_many_causes_make_the_chart_higher() -> None:
    few, many = causes_figure({"a": 1}), causes_figure({str(n): 1 for n in range(30)})
    assert many.layout.height - few.layout.height > 30 * 20
