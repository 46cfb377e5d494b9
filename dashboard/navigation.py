"""The site map: one line per page."""

from dataclasses import dataclass
from pathlib import Path

from dashboard.components.causes.display import CausesDisplay
from dashboard.components.comparison.display import ComparisonDisplay
from dashboard.components.confidence.display import ConfidenceDisplay
from dashboard.components.confusion.display import ConfusionDisplay
from dashboard.components.dataset.display import DatasetDisplay
from dashboard.components.explanations.display import ExplanationsDisplay
from dashboard.components.history.display import HistoryDisplay
from dashboard.components.map.display import MapDisplay
from dashboard.components.network.display import NetworkDisplay
from dashboard.components.runs.display import RunsDisplay
from dashboard.components.sets.display import SetsDisplay
from dashboard.components.sketch.display import SketchDisplay
from dashboard.components.training.display import TrainingDisplay
from dashboard.visit.display import Display

PAGES = Path(__file__).resolve().parent.parent / "pages"


@dataclass(frozen=True)
class PageEntry:
    """One page.

    Attributes:
        name: Of its file in pages/, and its address.
        group: Of the menu, in which it stands.
        title: What it is called.
        icon: Name of a Material symbol.
        display: Which choices of display it has.
    """

    name: str
    group: str
    title: str
    icon: str
    display: type[Display] = Display

    @property
    def path(self) -> Path:
        """The page's script."""
        return PAGES / f"{self.name}.py"

    @property
    def url_path(self) -> str:
        """Its address below the server's; empty of the page that opens first."""
        return "" if self.name == FIRST else self.name


FIRST = "overview"

SITE_MAP = (
    PageEntry("overview", "Explore", "Overview", "dashboard"),
    PageEntry("dataset", "Explore", "Data set", "bar_chart", DatasetDisplay),
    PageEntry("training", "Explore", "Training", "show_chart", TrainingDisplay),
    PageEntry("runs", "Explore", "Runs", "leaderboard", RunsDisplay),
    PageEntry("confusion", "Errors", "Confusion", "grid_on", ConfusionDisplay),
    PageEntry("comparison", "Errors", "Comparison", "compare_arrows", ComparisonDisplay),
    PageEntry("history", "Errors", "History", "history", HistoryDisplay),
    PageEntry("causes", "Errors", "Error review", "gavel", CausesDisplay),
    PageEntry("sets", "Errors", "Sets", "bookmarks", SetsDisplay),
    PageEntry("map", "Errors", "Map", "scatter_plot", MapDisplay),
    PageEntry("confidence", "Errors", "Confidence", "speed", ConfidenceDisplay),
    PageEntry("explanations", "Why", "Explanations", "lightbulb", ExplanationsDisplay),
    PageEntry("network", "Why", "Network", "layers", NetworkDisplay),
    PageEntry("sketch", "Try", "Sketch", "draw", SketchDisplay),
    PageEntry("pictures", "Try", "Pictures", "photo_library"),
)
