"""What an analyst does on the map: a region becomes a set, points become digits, keys lead on."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from mnist_core.datasets import mnist

MAP = ".st-key-map"
LISTED = ".st-key-map-images button[data-index]"


INKED = """root => {
  const all = [root, ...root.querySelectorAll('*')];
  const canvas = all.map(one => one.shadowRoot?.querySelector('canvas')).find(Boolean);
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let found = 0;
  for (let k = 0; k < data.length; k += 4)
    if (data[k] < 30 && data[k + 1] < 35 && data[k + 2] < 40 && data[k + 3] > 250) found += 1;
  return found;
}"""
"""How many pixels of a map have the colour of the text, as the ink of digits alone has."""


def test_a_lasso_is_a_set_points_become_digits_and_arrows_lead_to_an_image(
    server: Any, visit: Callable[..., Page], settled: Callable[[Page], None]
) -> None:
    page = visit(f"{server.url}/map?data=mnist&split=validation&run=simple-conv")
    expect(page.locator(f"{MAP} [data-ready]")).to_be_visible()
    settled(page)
    box = page.locator(f"{MAP} canvas").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.get_by_role("button", name="Lasso", exact=True).click()
    page.mouse.move(x - 40, y - 40)
    page.mouse.down()
    for dx, dy in ((40, -40), (40, 40), (-40, 40), (-40, -38)):
        page.mouse.move(x + dx, y + dy, steps=3)
    page.mouse.up()
    expect(page.get_by_text(re.compile(r"[\d,]+ images of the set, \d+ wrong"))).to_be_visible()
    page.wait_for_url(re.compile(r"set=images-[0-9a-f]{12}"))
    settled(page)
    (told,) = re.findall(r"(\d[\d,]*) of 5,000 images ·", page.inner_text(".stMain"))
    n_chosen = int(told.replace(",", ""))
    expect(page.locator(LISTED)).to_have_count(min(n_chosen, 400))  # drawn a part at a time
    assert 100 < n_chosen < 4_000

    before = page.evaluate(f"({INKED})(document.querySelector('{MAP}'))")
    page.get_by_role("button", name="Move", exact=True).click()
    page.mouse.move(x, y)
    page.mouse.wheel(0, -1_800)
    page.wait_for_function(
        f"before => ({INKED})(document.querySelector('{MAP}')) > before + 500", arg=before
    )

    field = page.locator(f"{MAP} [role=application]")
    field.focus()
    places: list[int] = []
    for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
        said = page.locator(f"{MAP} [aria-live]").text_content() or ""
        places.append(int(re.match(r"#(\d+): ", said)[1]))
    assert len(set(places)) == 3
    expect(page.locator(f"{MAP} button[data-index]")).to_have_attribute(
        "data-index", str(places[-1])
    )
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"image={places[-1]}(&|$)"))
    label = mnist.load().split("validation").labels[places[-1]]
    expect(page.locator(".st-key-image-detail")).to_contain_text(f"#{places[-1]}: {label}")
