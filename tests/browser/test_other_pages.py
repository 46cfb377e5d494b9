"""What an analyst does on the pages about data, training, explanations and layers."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def open_page(server: Any, visit: Callable[..., Page]) -> Callable[[str], Page]:
    return lambda path: visit(f"{server.url}/{path}")


def test_a_sample_opens_with_its_pixel_values_and_leads_on(
    open_page: Callable[[str], Page],
) -> None:
    page = open_page("dataset?data=mnist&split=validation")
    expect(page.locator(".st-key-class-samples button[data-index]")).to_have_count(100)
    page.locator(".st-key-class-samples button[data-index]").nth(25).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Image 1005 of validation: 2")
    expect(dialog.locator(".js-plotly-plot")).to_be_visible()
    dialog.get_by_role("link", name="Explanation").click()
    expect(page.locator("h1")).to_have_text("Explanations")
    expect(page.locator(".st-key-shap-maps figure")).to_have_count(10)
    page.wait_for_url(lambda url: "image=1005" in url)


def test_a_closed_image_leaves_the_link(open_page: Callable[[str], Page]) -> None:
    page = open_page("dataset?image=7")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.wait_for_url(lambda url: "image=" not in url)


def test_a_class_is_browsed_whole(open_page: Callable[[str], Page]) -> None:
    page = open_page("dataset?data=mnist-5k&split=train")
    page.get_by_role("radio", name="7", exact=True).click()
    expect(page.get_by_text("400 images of 7 in train")).to_be_visible()
    expect(page.locator('button[data-index][aria-label$=": 7"]')).to_have_count(410)


def test_a_click_on_a_curve_chooses_the_checkpoint_everywhere(
    open_page: Callable[[str], Page], settled: Callable[[Page], None]
) -> None:
    page = open_page("training?run=simple-conv&epoch=8&curves=simple-conv")
    accuracy = page.locator(".st-key-learning-curves .js-plotly-plot").nth(1)
    point = accuracy.locator(".scatterlayer .trace").nth(1).locator(".point").nth(4)
    box, chart = point.bounding_box(), accuracy.bounding_box()
    assert box
    assert chart
    # Playwright waits until the chart keeps still; the charts above it may still move it.
    x, y = (
        box[along] - chart[along] + box[size] / 2
        for along, size in (("x", "width"), ("y", "height"))
    )
    accuracy.click(position={"x": x, "y": y})
    expect(page.get_by_text("epoch 5 of 10, the best is epoch 8")).to_be_visible()
    settled(page)
    page.get_by_role("link", name="Confusion").click()
    expect(page.get_by_text("simple-conv · epoch 5 of 10")).to_be_visible()


def test_a_row_of_the_epoch_table_chooses_the_checkpoint(open_page: Callable[[str], Page]) -> None:
    page = open_page("training?run=simple-conv&epoch=8")
    table = page.locator(".st-key-epoch-table")
    table.locator("tr", has_text="0.0470").locator("td").last.click()
    expect(page.get_by_text("epoch 3 of 10, the best is epoch 8")).to_be_visible()
    expect(table.locator("tr.chosen th")).to_have_text("3")


def test_the_chosen_run_stays_marked_and_its_links_keep_all_else(
    open_page: Callable[[str], Page], settled: Callable[[Page], None]
) -> None:
    page = open_page("?run=cnn&baseline=simple-conv&true=3&predicted=5")
    table = page.locator(".st-key-run-table")
    rows = table.locator("tbody tr")
    expect(rows.last).to_be_in_viewport()
    assert table.locator(".box").evaluate("box => box.scrollHeight <= box.clientHeight")
    table.locator("tr", has_text="dense-256").locator("td").first.click()
    expect(page.get_by_text("dense-256 · epoch 5 of 5")).to_be_visible()
    settled(page)
    expect(table.locator("tr.chosen th")).to_have_text("dense-256")
    table.get_by_role("button", name="dense-256").press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("linear-l2 · epoch")).to_be_visible()
    settled(page)
    table.get_by_role("button", name="Parameters").click()
    expect(table.locator("tr.chosen th")).to_have_text("linear-l2")
    expect(rows.first).to_contain_text("693,962")
    table.get_by_role("link", name="Configuration of dense-256").click()
    expect(page.locator("h1")).to_have_text("Training")
    expect(page.locator(".st-key-configuration")).to_contain_text("dense-256")
    for chosen in ("run=dense-256", "epoch=5", "baseline=simple-conv", "true=3", "predicted=5"):
        assert chosen in page.url
    assert len(page.context.pages) == len({*page.context.pages})


def test_the_legend_isolates_dims_and_reads_off(
    open_page: Callable[[str], Page], settled: Callable[[Page], None]
) -> None:
    page = open_page("training?run=dense-256&curves=dense-256,simple-conv,cnn&lines=validation")
    legend, chart = page.locator(".run-legend"), page.locator(".st-key-chart-loss")
    lines = chart.locator(".scatterlayer .trace")
    expect(lines).to_have_count(3)
    legend.get_by_role("button", name="simple-conv").hover()
    page.wait_for_function(
        """() => [...document.querySelectorAll('.st-key-chart-loss .scatterlayer .trace')]
             .filter(line => line.style.opacity === '').length === 1"""
    )
    point = lines.first.locator(".points path").nth(2).bounding_box()
    assert point
    page.mouse.move(point["x"] + point["width"] / 2, point["y"] + point["height"] / 2)
    expect(legend).to_contain_text("Epoch 3")
    expect(legend).to_contain_text(re.compile(r"validation 0\.\d{4} nats"))
    expect(page.locator(".hoverlayer .hovertext")).to_have_count(0)
    legend.get_by_role("button", name="cnn").click()
    expect(lines).to_have_count(1)
    settled(page)
    assert "alone=cnn" in page.url
    legend.get_by_role("button", name="cnn").click()
    expect(lines).to_have_count(3)


def test_explanations_show_every_class_and_a_small_gap(open_page: Callable[[str], Page]) -> None:
    page = open_page("explanations?run=simple-conv&image=12")
    captions = page.locator(".st-key-shap-maps figcaption")
    expect(captions).to_have_count(10)
    expect(captions.first).to_contain_text("predicted")
    gap = page.get_by_text(re.compile(r"Completeness gap \d\.\de-0[5-9]"))
    expect(gap).to_be_visible()
    expect(
        page.get_by_text("100 images of validation (this source has no train split)")
    ).to_be_visible()


def test_a_clicked_mistake_leads_to_why_and_on_to_the_network(
    open_page: Callable[[str], Page], settled: Callable[[Page], None]
) -> None:
    page = open_page("confusion?run=simple-conv")
    cell = 'button[data-true="4"][data-predicted="9"]'
    page.locator(f".st-key-confusion-matrix {cell}").click()
    settled(page)
    page.locator(".st-key-cell-images button[data-index]").first.click()
    page.get_by_role("link", name="Explanation", exact=True).click()
    contrast = page.locator(".st-key-contrast")
    expect(contrast.get_by_role("heading", name="Why 9 and not 4?")).to_be_visible()
    expect(contrast.locator("figure img")).to_be_visible()
    expect(contrast.locator("figcaption")).to_have_text("red: 9 predicted · blue: 4 true")
    expect(contrast.get_by_text(re.compile(r"% lies in the .+ of the digit"))).to_be_visible()
    image = re.search(r"image=(\d+)", page.url)
    assert image
    page.get_by_role("link", name="Feature maps").click()
    expect(page.locator("h1")).to_have_text("Network")
    expect(page.get_by_text(re.compile(rf"^#{image[1]}: 4 predicted as 9"))).to_be_visible()


def test_two_visitors_are_explained_to_at_once(server: Any, visit: Callable[..., Page]) -> None:
    pages = [visit(f"{server.url}/explanations?run=dense-256&image={image}") for image in (41, 42)]
    for page, image in zip(pages, (41, 42), strict=True):
        expect(page.locator(".st-key-shap-maps figure")).to_have_count(10)
        expect(page.get_by_text(re.compile(rf"^#{image}: "))).to_be_visible()


def test_the_sheet_can_be_stopped_and_taken_up_again(open_page: Callable[[str], Page]) -> None:
    # By a method that takes long enough to be stopped.
    page = open_page("explanations?run=dense-256&epoch=2&image=3&method=expected-gradients")
    # The opened image is explained first, with a button of its own to stop it.
    expect(page.locator(".st-key-shap-maps figure")).to_have_count(10)
    page.get_by_role("radio", name="One right and one wrong per class").click()
    page.locator(".st-key-shap-sheet").get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped.")).to_be_visible()
    expect(page.locator(".explanation-sheet")).to_have_count(0)
    page.get_by_role("button", name="Continue").click()
    rows = page.locator(".explanation-sheet tbody tr")
    expect(rows.nth(9)).to_be_visible(timeout=180_000)
    rows.first.get_by_role("link").click()
    expect(page.locator("h1")).to_have_text("Confusion")
    page.go_back()
    expect(page.locator("h1")).to_have_text("Explanations")
    expect(rows.nth(9)).to_be_visible()


def test_the_network_page_shows_maps_strongest_first_and_filters(
    open_page: Callable[[str], Page],
) -> None:
    page = open_page("network?run=simple-conv&image=12")
    maps = page.locator(".st-key-feature-maps figure")
    expect(maps).to_have_count(32)
    titles = [maps.nth(k).get_attribute("title") for k in range(32)]
    means = [float(title.split("mean ")[1]) for title in titles]
    assert means == sorted(means, reverse=True)
    expect(page.get_by_text("conv · 32 filters")).to_be_visible()


def test_a_pixel_chosen_by_key_shows_its_sum_and_a_layer_is_a_step_of_the_strip(
    open_page: Callable[[str], Page], settled: Callable[[Page], None]
) -> None:
    page = open_page("network?run=simple-conv&image=12")
    page.locator(".st-key-feature-maps button.map").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".patch-sum td")).to_have_count(27)
    expect(page.get_by_text(re.compile(r"row 13, column 14 is"))).to_be_visible()
    page.wait_for_url(re.compile(r"pixel=\d+\.13\.14"))
    settled(page)
    page.get_by_role("group", name="Layers from input").get_by_role("button").first.focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("layer=3"))
    expect(page.get_by_text("hidden · Dense, then relu · 128 units")).to_be_visible()
    assert "pixel=" not in page.url


def test_a_channel_that_makes_a_mistake_is_found_switched_off_and_on_again(
    open_page: Callable[[str], Page], settled: Callable[[Page], None]
) -> None:
    page = open_page("network?run=simple-conv&true=4&predicted=9")
    table = page.locator(".st-key-channels table")
    channel = table.locator("tbody tr").first.get_attribute("data-name")
    table.locator("tbody input").first.check()
    page.wait_for_url(re.compile(rf"off=1\.{channel}(&|$)"))
    expect(page.locator(".st-key-matrix-off td button").first).to_be_visible()
    expect(page.get_by_text("Paired score test (Tango)")).to_be_visible()
    # Its map is open, and its own button switches it on again.
    opened = page.locator(".st-key-feature-maps figure.chosen.off")
    expect(opened).to_have_attribute("data-channel", f"{channel}")
    settled(page)
    opened.locator("button.name").click()
    expect(page.locator(".st-key-matrix-off")).to_have_count(0)
    assert "off=" not in page.url
    settled(page)
    height = page.evaluate("document.querySelector('.stMainBlockContainer').scrollHeight")
    assert height <= 1_600


def test_a_threshold_moved_by_key_parts_the_images_anew(
    open_page: Callable[[str], Page], settled: Callable[[Page], None]
) -> None:
    page = open_page("confidence?data=mnist&split=validation&run=cnn&epoch=3&outcome=caught")
    answered = page.locator(".st-key-risk").get_by_text("are answered")
    before = answered.inner_text()
    page.get_by_role("slider", name="Threshold").press("End")
    page.wait_for_url(lambda url: "rule=own&threshold=700" in url)
    expect(page.get_by_role("button", name="Take ")).to_be_visible()
    expect(answered).not_to_have_text(before)
    settled(page)
    page.locator(".st-key-outcomes button[data-index]").first.click()
    expect(page.locator(".st-key-image-detail .mnist-digit")).to_be_visible()
    assert "image=" in page.url
