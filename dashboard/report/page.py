"""The whole report: head, sections, provenance, and the script that draws its charts."""

from datetime import UTC, datetime
from html import escape
from pathlib import Path
from string import Template

from plotly.offline import get_plotlyjs

from dashboard.drawing import words
from dashboard.drawing.grids.confusion import MatrixDisplay
from dashboard.report import images, sections
from dashboard.report.provenance import moment, provenance
from dashboard.visit.view import View

_HERE = Path(__file__).parent
_PAGE = Template((_HERE / "page.html").read_text(encoding="utf-8"))
_STYLE = (_HERE / "style.css").read_text(encoding="utf-8")
_SCRIPT = (_HERE / "script.js").read_text(encoding="utf-8")

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'"
)
"""What the browser lets the report do: nothing with a network (Content Security Policy, W3C)."""


def html_report(view: View, *, display: MatrixDisplay, link: str, now: datetime) -> str:
    """Write down a view as one HTML file, charts interactive, images inside, about 5 MB.

    Args:
        view: What is looked at.
        display: How the matrix is drawn.
        link: The address that restores the view.
        now: When it is written.

    Raises:
        CheckpointError: The checkpoint's file has gone since the view was loaded.
    """
    title = f"{view.run.name} on {view.outline.title} {view.split.name}"
    ink = images.ink(view)
    return _PAGE.substitute(
        policy=POLICY,
        title=escape(title),
        style=_STYLE,
        ink=ink.style,
        timestamp=now.astimezone(UTC).isoformat(timespec="seconds"),
        date=escape(moment(now)),
        findings=escape(words.findings(view)),
        sections=sections.all_sections(view, display, ink),
        provenance=provenance(view, link=link, now=now),
        plotly=get_plotlyjs(),
        script=_SCRIPT,
    )
