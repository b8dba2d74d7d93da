"""The quality report, the story of a lead and the summary of a run, all read from the serving file alone."""

from orchestration.reporting.report import write_report
from orchestration.reporting.serving import NotPublishedError
from orchestration.reporting.summary import render_summary

__all__ = ["NotPublishedError", "render_summary", "write_report"]
