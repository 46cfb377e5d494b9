"""The direction of dependence: pages → dashboard → mnist_core, and nothing heavy at import."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = [
    path for part in ("mnist_core", "dashboard", "pages") for path in (ROOT / part).rglob("*.py")
]

FORBIDDEN_ANYWHERE = {
    "mnist_core": {"streamlit", "plotly", "dashboard", "pages"},
    "dashboard/figures": {"streamlit"},
    "dashboard/grids": {"streamlit"},
    "dashboard": {"pages"},
    "pages": {"numpy", "plotly"},
}
NEVER_AT_MODULE_LEVEL = {"keras", "tensorflow", "shap", "cleanlab"}


def imported(nodes: list[ast.stmt]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, "imports are absolute"
            yield node.module.split(".")[0]


def is_for_type_checking(node: ast.stmt) -> bool:
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


def test_the_whole_dashboard_imports_without_tensorflow_keras_shap_or_cleanlab() -> None:
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in FILES
        if path.parent.name != "pages" and path.name not in ("frame.py", "__main__.py")
    ]
    code = f"import sys, {', '.join(modules)}; print(*{NEVER_AT_MODULE_LEVEL} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""
