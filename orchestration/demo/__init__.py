"""The demo company: an invented vendor of marketing software, drawn from a seed number."""

from orchestration.demo.generate import DemoSummary, generate

__all__ = ["DemoSummary", "generate"]
