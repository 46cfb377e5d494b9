"""Where the report's numbers come from."""

import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from importlib.metadata import version

from dashboard.drawing import words
from dashboard.report.markup import facts
from dashboard.visit.view import View

_PACKAGES = ("mnist-lens", "numpy", "keras", "tensorflow", "plotly", "streamlit")


def provenance(view: View, *, link: str, now: datetime) -> str:
    """Run, checkpoint, data, versions, date and the link under their heading, as HTML.

    Raises:
        CheckpointError: The checkpoint's file has gone since the view was loaded.
    """
    address = escape(link)
    rows = [
        ("Run", escape(f"{view.run.name}, {view.run.state}")),
        ("Recipe", escape(_recipe(view))),
        ("Epoch", escape(_epoch(view))),
        ("Checkpoint, SHA-256", _checkpoint(view)),
        *_baseline(view),
        ("Data set", escape(view.outline.title)),
        ("Source", escape(view.outline.source)),
        ("Split", escape(f"{view.split.name}, {words.images(len(view.split))}")),
        ("Split, SHA-256", f"<code>{view.split.fingerprint}</code>"),
        *_findings(view),
        ("Trained with", escape(_listed(view.run.details.versions))),
        ("Report written with", escape(_listed(installed_versions()))),
        ("Report written on", escape(moment(now))),
        ("This view, where the dashboard runs", f'<a href="{address}">{address}</a>'),
    ]
    return f"<h2>Where this comes from</h2>\n{facts(rows)}"


def moment(now: datetime) -> str:
    """Date and time in words, e.g. `3 May 2026, 14:05 UTC`; a time without a zone is local."""
    return f"{now.astimezone(UTC):%-d %B %Y, %H:%M UTC}"


def installed_versions() -> dict[str, str]:
    """Versions of Python and of the packages that compute what the report shows."""
    return {"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}}


def _recipe(view: View) -> str:
    run = view.run
    seed = run.details.seed
    parts = [
        run.recipe or "unknown, a model from elsewhere",
        *([] if run.parameters is None else [f"{run.parameters:,} parameters"]),
        *([] if seed is None else [f"seed {seed}"]),
    ]
    return ", ".join(parts)


def _epoch(view: View) -> str:
    best = view.run.best_epoch
    beside = "the best on validation" if view.epoch == best else f"the best is {best}"
    return f"{view.epoch} of {len(view.run.history)}, {beside}"


def _checkpoint(view: View) -> str:
    if not view.has_model:
        return "not kept; what was recorded in training is shown"
    return f"<code>{view.run.checkpoint(view.epoch).fingerprint}</code>"


def _baseline(view: View) -> list[tuple[str, str]]:
    before = view.baseline
    if before is None:
        return []
    return [("Compared with", escape(f"{before.run.name}, epoch {before.epoch}"))]


def _findings(view: View) -> list[tuple[str, str]]:
    """What the analyst's causes have to do with the numbers and images of the report."""
    rows = []
    if view.subset is not None:
        found = (
            f"{words.images(len(view.subset.positions))}: <code>{escape(view.subset.text)}</code>"
        )
        rows.append(("Narrowed to", found))
    if len(view.mislabelled):
        left_out = words.images(len(view.mislabelled))
        rows.append(("Not counted", f"{left_out} marked as mislabelled"))
    if view.cause is not None:
        rows.append(("Images shown", f"only those with the cause ‘{escape(view.cause)}’"))
    return rows


def _listed(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in versions.items()) or "unknown"
