"""The quality report and the story of a lead, both read from the serving file alone."""

from orchestration.reporting.report import write_report
from orchestration.reporting.serving import NotPublishedError

__all__ = ["NotPublishedError", "write_report"]
