"""The site map: one line per page."""

from dataclasses import dataclass
from pathlib import Path

PAGES = Path(__file__).resolve().parent.parent / "pages"


@dataclass(frozen=True)
class PageEntry:
    """One page: a file in pages/, the group it stands in, its title, path and icon."""

    file: str
    group: str
    title: str
    url_path: str
    icon: str

    @property
    def path(self) -> Path:
        """The page's script."""
        return PAGES / self.file


SITE_MAP = (
    PageEntry("overview.py", "Explore", "Overview", "", ":material/dashboard:"),
    PageEntry("dataset.py", "Explore", "Data set", "dataset", ":material/bar_chart:"),
    PageEntry("training.py", "Explore", "Training", "training", ":material/show_chart:"),
    PageEntry("confusion.py", "Errors", "Confusion", "confusion", ":material/grid_on:"),
    PageEntry("comparison.py", "Errors", "Comparison", "comparison", ":material/compare_arrows:"),
    PageEntry("history.py", "Errors", "History", "history", ":material/history:"),
    PageEntry("causes.py", "Errors", "Causes", "causes", ":material/gavel:"),
    PageEntry("explanations.py", "Errors", "Explanations", "explanations", ":material/lightbulb:"),
    PageEntry("network.py", "Errors", "Network", "network", ":material/layers:"),
    PageEntry("sketch.py", "Try", "Sketch", "sketch", ":material/draw:"),
)
