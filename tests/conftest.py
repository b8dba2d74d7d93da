"""For all tests: two of them run side by side, so each dbt build gets one thread; whoever wants more says so."""

from __future__ import annotations

import os

import pytest

os.environ.setdefault("LEADHOUSE_THREADS", "1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first, so that no worker is left alone with a long one at the end."""
    slow_files = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow_files)
