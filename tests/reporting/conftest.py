from __future__ import annotations

from pathlib import Path

import pytest
from reporting_serving import build_serving


@pytest.fixture(scope="session")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_serving(tmp_path_factory.mktemp("serving") / "leadhouse.duckdb")


@pytest.fixture(scope="session")
def empty_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published day-end; its only feed brought no lead."""
    return build_serving(tmp_path_factory.mktemp("empty") / "leadhouse.duckdb", leads=0)


@pytest.fixture(scope="session", params=["missing", "no_marts", "no_day_end"])
def unpublished(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    import duckdb

    path = tmp_path_factory.mktemp("unpublished") / "leadhouse.duckdb"
    if request.param == "no_marts":
        duckdb.connect(str(path)).close()
    elif request.param == "no_day_end":
        with duckdb.connect(str(build_serving(path, leads=0))) as con:
            con.execute("delete from marts.published_day_ends")
    return path
