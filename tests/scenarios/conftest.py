"""One built world for all scenarios."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from scenario_world import STORIES_BUILT_AS_OF, build
from world import load_stories


@pytest.fixture(scope="session")
def marts(tmp_path_factory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse of the scenario world, read-only."""
    home = tmp_path_factory.mktemp("world")
    warehouse = build(load_stories(), home, STORIES_BUILT_AS_OF)
    con = duckdb.connect(str(warehouse), read_only=True)
    yield con
    con.close()
