"""No number is ever cut or covered by another one, at any width, however many images there are."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from mnist_core.datasets import Dataset, Split, added, embedded, mnist

WIDTHS = (1280, 1024, 800, 420)

BASELINE = "baseline=simple-conv&baseline_epoch=1"
VIEWS = {
    "counts": "confusion?",
    "shares of the true class": "confusion?cells=share&",
    "shares of the predicted class": "confusion?cells=predicted&",
    "mistakes": "confusion?cells=mistakes&",
    "the atlas": "confusion?cells=pictures&true=4&predicted=9&",
    "changes": f"comparison?{BASELINE}&",
    "two matrices": f"comparison?comparing=matrices&{BASELINE}&",
    "predictions": f"comparison?comparing=predictions&{BASELINE}&",
    "the film": "history?",
    "the film of shares": "history?cells=share&history=late&zoom=1&",
}

MEASURE = """() => {
  const hosts = [...document.querySelectorAll('*')].filter((one) => one.shadowRoot);
  const inside = (selector) =>
    hosts.flatMap((one) => [...one.shadowRoot.querySelectorAll(selector)]);
  const boxOf = (one) => {
    const range = document.createRange();
    range.selectNodeContents(one);
    return range.getBoundingClientRect();
  };
  const named = (one) => `${one.textContent} (${one.className || one.tagName})`;
  const numbers = 'td > button > span, td.edge, th.head, thead th, tfoot th, .sheet b';
  const all = inside(numbers).filter((one) => one.textContent
    && one.checkVisibility({ contentVisibilityAuto: true }));
  const cut = all.filter((one) => {
    const box = boxOf(one), holder = (one.closest('button') ?? one).getBoundingClientRect();
    const isBlock = getComputedStyle(one).display !== 'inline';
    return isBlock && one.scrollWidth > one.clientWidth + 1
      || box.left < holder.left - 0.5 || box.right > holder.right + 0.5
      || box.top < holder.top - 1 || box.bottom > holder.bottom + 1;
  });
  const rows = new Map();
  for (const one of all.filter((one) => one.closest('table'))) {
    const box = boxOf(one), row = one.closest('tr');
    rows.set(row, [...(rows.get(row) ?? []), [one, box]]);
  }
  const covered = [...rows.values()].flatMap((row) => row.flatMap(([one, box], k) =>
    row.slice(k + 1)
    .filter(([, other]) => box.left < other.right - 0.5 && other.left < box.right - 0.5
      && box.top < other.bottom - 1 && other.top < box.bottom - 1)
    .map(([other]) => `${named(one)} and ${named(other)}`)));
  const unmarked = inside('.scroll').filter((one) => one.scrollWidth > one.clientWidth + 1
    && getComputedStyle(one).maskImage === 'none');
  const small = all.filter((one) => parseFloat(getComputedStyle(one).fontSize) < 8);
  return { count: all.length, cut: cut.map(named), covered, unmarked: unmarked.length,
    small: small.map(named) };
}"""


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory, serve: Callable, bundled_models: Path) -> Any:
    """The dashboard on the embedded digits three times over: 1,500 of each class to test on."""
    folder = tmp_path_factory.mktemp("crowded")
    images, labels = embedded.digits()
    tripled = {"x_test": np.tile(images, (3, 1, 1)), "y_test": np.tile(labels, 3)}
    data = folder / "tripled.npz"
    np.savez(data, x_train=images, y_train=labels, **tripled)
    run = folder / "models" / "simple-conv"
    shutil.copytree(bundled_models / "simple-conv", run)
    with np.load(run / "epochs.npz") as recorded:
        answers = {
            f"test_{what}": np.tile(recorded[f"validation_{what}"], (1, 3))
            for what in ("predicted", "confidence")
        }
    np.savez_compressed(run / "epochs.npz", **answers)
    details = json.loads((run / "run.json").read_text())
    details["data"]["fingerprints"] = {"test": mnist.load(data).split("test").fingerprint}
    (run / "run.json").write_text(json.dumps(details))
    return serve(MNIST_LENS_DATA=str(data), MNIST_LENS_MODELS=str(run.parent))


@pytest.mark.parametrize(
    ("images", "shown"),
    [
        *(("server", name) for name in ("counts", "changes", "the film")),
        *(("crowded", name) for name in VIEWS),
    ],
)
def test_no_number_is_cut_or_covered(
    request: pytest.FixtureRequest,
    visit: Callable[..., Page],
    settled: Callable[[Page], None],
    images: str,
    shown: str,
) -> None:
    server = request.getfixturevalue(images)
    page = visit(f"{server.url}/{VIEWS[shown]}run=simple-conv&epoch=8")
    expect(page.locator("td > button").first).to_be_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        settled(page)
        # A table learns of its new width with the next picture that the browser draws.
        page.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 50)))")
        measured = page.evaluate(MEASURE)
        assert measured.pop("count") > 50
        assert measured == {"cut": [], "covered": [], "unmarked": 0, "small": []}, width
    thousands = page.locator("td > button").filter(has_text=",")
    if images == "crowded" and shown in ("counts", "two matrices", "predictions", "the film"):
        expect(thousands.first).to_be_attached()


def test_long_names_of_classes_stand_upright_and_are_not_cut(
    server: Any, visit: Callable[..., Page], settled: Callable[[Page], None]
) -> None:
    images, labels = embedded.digits()
    names = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", *"SBKW", "Ankle boot")
    some = Split("test", images[::100], labels[::100], names)
    added.write(Dataset("long-names", "Long", {"test": some}, source="this test"))
    try:
        page = visit(f"{server.url}/confusion?data=long-names&run=simple-conv")
        expect(page.locator(".upright td > button").first).to_be_visible()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            settled(page)
            heads = page.locator(".upright thead th.head:not(:first-child) > *")
            assert heads.all_inner_texts() == list(names)
            cut = heads.evaluate_all(
                "(all) => all.filter((one) => one.scrollHeight > one.clientHeight + 1).length"
            )
            assert cut == 0
    finally:
        added.remove("long-names")
