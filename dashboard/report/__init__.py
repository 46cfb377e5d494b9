"""What is looked at as one HTML file that needs nothing else: `html_report`."""

from dashboard.report.page import html_report

__all__ = ["html_report"]
