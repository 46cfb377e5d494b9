"""What the project says of itself is true: pins, packages, documents."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from dashboard.navigation import SITE_MAP
from mnist_core.datasets import DATASETS
from mnist_core.recipes import RECIPES
from mnist_core.runs import list_runs

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
README = (ROOT / "README.md").read_text()
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()


def requirements() -> list[str]:
    return (ROOT / "requirements.txt").read_text().split("\n")[:-1]


def test_every_requirement_is_pinned_and_named_in_pyproject() -> None:
    *pins, last = requirements()
    assert last == "-e ."
    assert all(re.fullmatch(r"[a-z0-9-]+==[\d.]+", pin) for pin in pins)
    assert [pin.split("==")[0] for pin in pins] == PROJECT["project"]["dependencies"]


def test_every_folder_of_modules_is_a_package_and_thus_installed() -> None:
    modules = [path for part in ("mnist_core", "dashboard") for path in (ROOT / part).rglob("*.py")]
    assert all((path.parent / "__init__.py").is_file() for path in modules)


def test_every_environment_variable_has_its_line() -> None:
    source = "".join(
        path.read_text()
        for part in ("mnist_core", "dashboard")
        for path in (ROOT / part).rglob("*.py")
    )
    for name in set(re.findall(r"MNIST_LENS_[A-Z]+", source)):
        assert f"`{name}`" in ARCHITECTURE


def test_every_page_recipe_and_data_set_is_in_the_readme() -> None:
    for entry in SITE_MAP:
        assert f"**{entry.title}**" in README
    for name in (*RECIPES, *DATASETS):
        assert f"`{name}`" in README


def test_each_recipes_row_says_what_it_is_and_how_its_bundled_run_did() -> None:
    rows = dict(re.findall(r"^\| `([a-z0-9-]+)` \| (.+) \|$", README, re.MULTILINE))
    for name, recipe in RECIPES.items():
        what, parameters, accuracy = rows[name].split(" | ")
        assert what == recipe.summary
        assert parameters == f"{recipe.parameters:,}"
        told = re.findall(r"\d+\.\d\d %", accuracy)
        runs = [run for run in list_runs(ROOT / "models") if run.recipe == name]
        assert f"{100 * (runs[0].test_accuracy or 0):.2f} %" in told


@pytest.mark.parametrize("document", ["README.md", "CHANGELOG.md"])
def test_the_accuracies_told_are_those_of_the_bundled_runs(document: str) -> None:
    text = (ROOT / document).read_text()
    for run in list_runs(ROOT / "models"):
        assert f"{100 * (run.test_accuracy or 0):.2f} %" in text


@pytest.mark.parametrize(
    "document", [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")], ids=lambda p: p.name
)
def test_every_link_in_a_document_leads_to_a_file(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text()):
        assert (document.parent / target).exists(), target


WALKS = [
    (title, re.split(r"^\d+\. ", steps, flags=re.MULTILINE)[1:])
    for title, steps in re.findall(
        r"^### (.+?)\n(.+?)(?=^##)",
        ARCHITECTURE[ARCHITECTURE.index("## Four walks") :].split("\n## ")[0] + "\n##",
        re.MULTILINE | re.DOTALL,
    )
]


def test_there_are_four_walks_of_five_to_eight_steps() -> None:
    assert len(WALKS) == 4
    assert all(5 <= len(steps) <= 8 for _, steps in WALKS)


@pytest.mark.parametrize("steps", [steps for _, steps in WALKS], ids=[title for title, _ in WALKS])
def test_a_walk_names_files_that_exist_and_what_they_define(steps: list[str]) -> None:
    for step in steps:
        named = re.findall(r"`(.+?)`", step)
        files = [ROOT / name for name in named if "/" in name]
        assert files, step
        text = "\n".join(file.read_text() for file in files)
        for name in set(named) - {file.relative_to(ROOT).as_posix() for file in files} - WORDS:
            defined = rf"^ *(def|class) {name}\b|^ *{name}\b( =|:)"
            assert re.search(defined, text, re.MULTILINE), name


WORDS = {"None", "training", "stopped"}
"""In the walks' backticks beside files and what these define."""


@pytest.mark.parametrize("package", ["mnist_core", "dashboard"])
def test_the_map_of_a_package_names_all_of_its_rooms_and_nothing_else(package: str) -> None:
    lines = (ROOT / package / "__init__.py").read_text().split("\n")
    heads = [line.split(":")[0] for line in lines if line.startswith("- ")]
    named = {name for head in heads for name in re.findall(r"`([a-z_]+)`", head)}
    inside = (ROOT / package).iterdir()
    rooms = {
        path.stem for path in inside if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert named == rooms - {"__init__", "__main__"}


@pytest.mark.parametrize("document", ["README.md", "docs/architecture.md", "docs/glossary.md"])
def test_every_file_named_in_a_document_exists(document: str) -> None:
    existing = [
        path.relative_to(ROOT).as_posix()
        for part in ("mnist_core", "dashboard", "pages", "tests")
        for path in (ROOT / part).rglob("*")
    ]
    for name in re.findall(r"`([a-z_0-9/]+\.(?:py|js|css))`", (ROOT / document).read_text()):
        assert any(f"/{path}".endswith(f"/{name}") for path in existing), name


def test_nothing_is_committed_that_should_not_be() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = listed.stdout.split("\n")
    assert not [
        name
        for name in names
        if name.endswith((".npz", ".gz", ".pkl", ".pyc")) and not name.endswith("epochs.npz")
    ]
    size = sum(path.stat().st_size for path in (ROOT / "models").rglob("*") if path.is_file())
    assert size < 70e6


def test_the_flagship_is_led_by_the_median_of_its_seeds() -> None:
    runs = [run for run in list_runs(ROOT / "models") if run.recipe == "flagship"]
    found = sorted(100 * (run.test_accuracy or 0) for run in runs)
    low, middle, high = (f"{accuracy:.2f}" for accuracy in found)
    (row,) = re.findall(r"^\| `flagship` \| .+ \| (.+) \|$", README, re.MULTILINE)
    assert row.startswith(f"{middle} % in the median of three seeds, {low}–{high}")
    assert README.index(f"{middle} %") < README.index(f"{high} %")
    best_on_validation = max(list_runs(ROOT / "models"), key=lambda r: r.validation_accuracy or 0)
    assert f"{100 * (best_on_validation.test_accuracy or 0):.2f}" == middle
