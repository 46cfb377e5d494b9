"""The direction of dependence: pages → dashboard → mnist_core, within both from room to room.

Which room may import which stands in the tables of docs/architecture.md, which are read here.
Nothing heavy is imported before it is needed.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from graphlib import TopologicalSorter
from itertools import groupby
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = [
    path for part in ("mnist_core", "dashboard", "pages") for path in (ROOT / part).rglob("*.py")
]

FORBIDDEN_ANYWHERE = {
    "mnist_core": {"streamlit", "plotly", "dashboard", "pages"},
    "dashboard/drawing": {"streamlit"},
    "dashboard/report": {"streamlit"},
    "dashboard": {"pages"},
    "pages": {"numpy", "plotly"},
}
MAPS = ("mnist_core/__init__.py", "dashboard/__init__.py", "dashboard/components/__init__.py")
"""They say where to look and lie in no room."""

NEVER_AT_MODULE_LEVEL = {"keras", "tensorflow", "shap", "cleanlab", "umap", "numba"}


@dataclass(frozen=True)
class Room:
    """A row of a table: which files are in the room, and the names of the rooms it may import."""

    name: str
    patterns: tuple[str, ...]
    may_import: frozenset[str]


def tables(document: str) -> Iterator[tuple[Room, ...]]:
    """The tables of rooms in a document."""
    for is_table, lines in groupby(document.split("\n"), lambda line: line.startswith("|")):
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
        if is_table and rows[0][0] == "room":
            yield tuple(
                Room(
                    name,
                    tuple(re.findall("`(.+?)`", where)),
                    frozenset(allowed.split(", ")) - {"–"},
                )
                for name, where, _, allowed in rows[2:]
            )


CORE, DASHBOARD = tables((ROOT / "docs" / "architecture.md").read_text())
ROOMS = {room.name: room for room in (*CORE, *DASHBOARD)}


def room_of(file: str) -> Room:
    """The room of a file; where patterns of several fit, the one with the longest."""
    fitting = [
        (len(pattern), room)
        for room in ROOMS.values()
        for pattern in room.patterns
        if fnmatch(file, pattern) or (pattern.endswith("/") and fnmatch(file, f"{pattern}*"))
    ]
    assert fitting, f"{file} lies in no room of docs/architecture.md"
    return max(fitting, key=lambda pair: pair[0])[1]


def page_of(file: str) -> str:
    """Which page alone a file belongs to; empty of what several share."""
    match room_of(file).name:
        case "components/<page>":
            return file.split("/")[2]
        case "pages":
            return Path(file).stem
    return ""


def statements(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """All that runs, within functions too."""
    for node in nodes:
        if is_for_type_checking(node):
            assert isinstance(node, ast.If)
            yield from statements(node.orelse)
        else:
            yield node
            yield from statements(ast.iter_child_nodes(node))


def imported_files(source: str) -> Iterator[str]:
    """Those files of ours that a source imports; of a package its `__init__`."""
    for node in statements(ast.parse(source).body):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            modules = [name if file_of(name) else node.module for name in inner]
        else:
            continue
        yield from filter(None, map(file_of, modules))


def file_of(module: str) -> str:
    path = Path(*module.split("."))
    for file in (path.with_suffix(".py"), path / "__init__.py"):
        if (ROOT / file).is_file():
            return file.as_posix()
    return ""


def strangers(file: str, source: str) -> list[str]:
    """What a file imports of the rooms that its own may not import, or of another page."""
    own, page = room_of(file), page_of(file)
    return [
        other
        for other in imported_files(source)
        if not may_import(own, room_of(other)) or page_of(other) not in ("", page)
    ]


def may_import(own: Room, other: Room) -> bool:
    """Rooms of the core are open to all of the dashboard."""
    return own == other or other.name in own.may_import or (own in DASHBOARD and other in CORE)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_only_what_its_table_allows(path: Path) -> None:
    file = path.relative_to(ROOT).as_posix()
    if file in MAPS:
        assert not list(imported_files(path.read_text()))
    else:
        assert not strangers(file, path.read_text())


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("dashboard/drawing/sprite.py", "from dashboard.report import images"),
        ("dashboard/drawing/sprite.py", "from dashboard.visit import state"),
        ("dashboard/work/jobs.py", "from dashboard.loading.answers import load_answers"),
        ("dashboard/components/shared/digit.py", "def f():\n import dashboard.frame"),
        (
            "dashboard/components/history/epoch_film.py",
            "from dashboard.components.network.layer_maps import layer_maps",
        ),
        ("pages/network.py", "from dashboard.components.history.epoch_film import epoch_film"),
        ("mnist_core/files/atomic.py", "from mnist_core import runs"),
        ("mnist_core/runs/run.py", "from mnist_core.training import train"),
    ],
)
def test_an_import_against_the_order_is_found(file: str, line: str) -> None:
    assert len(strangers(file, line)) == 1


def test_an_import_for_types_alone_is_none() -> None:
    line = "if TYPE_CHECKING:\n from mnist_core import runs"
    assert not strangers("mnist_core/files/atomic.py", line)


@pytest.mark.parametrize("rooms", [CORE, DASHBOARD], ids=["core", "dashboard"])
def test_the_table_names_rooms_that_exist_and_allows_no_circle(rooms: tuple[Room, ...]) -> None:
    TopologicalSorter({room.name: room.may_import for room in rooms}).prepare()
    assert all(list(ROOT.glob(pattern)) for room in rooms for pattern in room.patterns)
    assert {name for room in rooms for name in room.may_import} <= {room.name for room in rooms}


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.name != "__init__.py"], ids=lambda p: str(p.relative_to(ROOT))
)
def test_no_file_only_forwards(path: Path) -> None:
    own = [
        node
        for node in ast.parse(path.read_text()).body
        if not isinstance(node, ast.Import | ast.ImportFrom) and not is_for_type_checking(node)
    ]
    assert len(own) > 1, "a docstring alone"


def imported(nodes: list[ast.stmt]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, "imports are absolute"
            yield node.module.split(".")[0]


def is_for_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_what_lies_below_it(path: Path) -> None:
    tree = ast.parse(path.read_text())
    everywhere = set(imported(list(ast.walk(tree))))  # type: ignore[arg-type]
    name = path.relative_to(ROOT).as_posix()
    for folder, forbidden in FORBIDDEN_ANYWHERE.items():
        if name.startswith(f"{folder}/"):
            assert not everywhere & forbidden
    at_module_level = [
        inner
        for node in tree.body
        if not is_for_type_checking(node) and not isinstance(node, ast.FunctionDef | ast.ClassDef)
        for inner in ast.walk(node)
    ]
    assert not set(imported(at_module_level)) & NEVER_AT_MODULE_LEVEL  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "path", [p for p in FILES if p.parent.name == "pages"], ids=lambda p: p.name
)
def test_a_page_leaves_caches_and_session_to_the_dashboard(path: Path) -> None:
    used = {
        ast.unparse(n)
        for n in ast.walk(ast.parse(path.read_text()))
        if isinstance(n, ast.Attribute)
    }
    assert not {name for name in used if name.startswith(("st.cache", "st.session_state"))}


def test_the_whole_dashboard_imports_without_what_is_heavy() -> None:
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in FILES
        if path.parent.name != "pages" and path.name not in ("frame.py", "__main__.py")
    ]
    code = f"import sys, {', '.join(modules)}; print(*{NEVER_AT_MODULE_LEVEL} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""
