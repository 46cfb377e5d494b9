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
    PageEntry("confusion.py", "Errors", "Confusion", "confusion", ":material/grid_on:"),
)
