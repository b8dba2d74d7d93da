"""The launcher on a project of two models: events, outcomes, and what is said when something fails."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from orchestration.warehouse.dbt import NOT_IN_A_RUN, TOLD, Dbt, DbtFailedError, only_what_is_told

PROFILE = """\
small:
  target: duckdb
  outputs:
    duckdb: {type: duckdb, path: "{{ env_var('LEADHOUSE_HOME') }}/warehouse.duckdb", threads: 2}
"""
MODELS = """\
models:
  - name: leads
    columns:
      - name: lead_id
        data_tests:
          - unique
          - not_null: {description: "A lead without an id cannot be explained."}
unit_tests:
  - name: never_run_here
    model: leads
    given: []
    expect: {rows: [{lead_id: 99}]}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "models").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text(
        "name: small\nprofile: small\nvars: {top: 3}\nflags: {send_anonymous_usage_stats: false}\n"
    )
    (folder / "profiles.yml").write_text(PROFILE)
    (folder / "models" / "leads.sql").write_text("select i as lead_id from range({{ var('top') }}) r(i)")
    (folder / "models" / "scores.sql").write_text("select lead_id, 1 as score from {{ ref('leads') }}")
    (folder / "models" / "models.yml").write_text(MODELS)
    (tmp_path / "seeds").mkdir()
    return folder


@pytest.mark.parametrize(
    ("lake_bytes", "said", "expected"), [(99, None, 2), (100, None, 1), (100, "2", 2)], ids=["small", "large", "said"]
)
def test_a_large_house_is_built_one_model_at_a_time(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lake_bytes: int, said: str | None, expected: int
) -> None:
    monkeypatch.setattr("orchestration.warehouse.dbt.LARGE_LAKE_BYTES", 100)
    monkeypatch.delenv("LEADHOUSE_THREADS", raising=False)
    if said:
        monkeypatch.setenv("LEADHOUSE_THREADS", said)
    delivery = tmp_path / "elsewhere" / "raw" / "leads" / "delivery.parquet"
    delivery.parent.mkdir(parents=True)
    delivery.write_bytes(b"x" * lake_bytes)
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "lake").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (project / "models" / "threads.sql").write_text("select {{ target.threads }} as threads")
    Dbt(project, tmp_path / "var").build()
    with duckdb.connect(str(tmp_path / "var" / "warehouse.duckdb"), read_only=True) as built:
        assert built.execute("select threads from threads").fetchone() == (expected,)


def test_a_build_streams_its_events_and_lets_go_of_the_file(project: Path, tmp_path: Path) -> None:
    dbt = Dbt(project, tmp_path / "var")
    stream, names = dbt.stream_build(variables={"top": 5}), []
    while True:
        try:
            event = next(stream)
        except StopIteration as stop:
            outcome = stop.value
            break
        names.append((event["info"]["name"], event["data"]["node_info"]["node_name"]))
    assert ("LogModelResult", "scores") in names
    assert outcome.is_green and outcome.counts() == "2 models, 2 checks"
    assert "LEADHOUSE_HOME" not in os.environ or os.environ["LEADHOUSE_HOME"] != str(tmp_path / "var")
    with duckdb.connect(str(tmp_path / "var" / "warehouse.duckdb")) as con:
        assert con.execute("select count(*) from scores").fetchone() == (5,)


def test_a_failing_test_is_told_in_words(project: Path, tmp_path: Path) -> None:
    (project / "models" / "leads.sql").write_text(
        "select null::int as lead_id union all select 1 union all select 1"
    )
    outcome = Dbt(project, tmp_path / "var").build()
    assert not outcome.is_green
    text = outcome.explanation()
    assert "test not_null_leads_lead_id on leads" in text
    assert "lead_id: A lead without an id cannot be explained." in text
    assert "lead_id: no two rows may have the same value in this column" in text
    assert "found: 1 row\n" in text
    assert "not_null_leads_lead_id.sql selects the rows; models/models.yml states the test" in text
    assert "1 models and tests behind these were not run." in text


def test_a_broken_model_is_told_with_its_file(project: Path, tmp_path: Path) -> None:
    (project / "models" / "scores.sql").write_text("select no_such_column from {{ ref('leads') }}")
    text = Dbt(project, tmp_path / "var").build().explanation()
    assert "model scores" in text and "no_such_column" in text and "look:  models/scores.sql" in text


def test_a_project_that_does_not_parse_says_why(project: Path, tmp_path: Path) -> None:
    (project / "models" / "scores.sql").write_text("select * from {{ ref('nowhere') }}")
    with pytest.raises(DbtFailedError, match="nowhere"):
        Dbt(project, tmp_path / "var").build()


def test_the_manifest_is_parsed_again_only_when_a_file_changed(project: Path, tmp_path: Path) -> None:
    path = Dbt(project, tmp_path / "var").ensure_manifest()
    before = path.stat().st_mtime_ns
    assert Dbt(project, tmp_path / "var").ensure_manifest().stat().st_mtime_ns == before
    (project / "models" / "more.sql").write_text("select 1 as one")
    Dbt(project, tmp_path / "var").ensure_manifest()
    assert "model.small.more" in path.read_text()


def test_debug_events_are_dropped_all_others_pass() -> None:
    from dbt.events import types
    from dbt_common.events.base_types import EventLevel
    from dbt_common.events.event_manager_client import get_event_manager
    from dbt_common.events.functions import fire_event
    from dbt_common.events.types import Note

    before, heard = get_event_manager(), []
    with only_what_is_told():
        get_event_manager().add_callback(lambda message: heard.append((message.info.name, message.info.level)))
        for level in EventLevel:
            fire_event(Note(msg="something"), level=level)
        # Its own level is debug.
        fire_event(types.WritingInjectedSQLForNode())
        fire_event(types.NoNodesSelected())
        for name in TOLD:
            fire_event(getattr(types, name)(), level=EventLevel.DEBUG)
    assert get_event_manager() is before
    others = [(name, level) for name, level in heard if name not in TOLD]
    assert others == [("Note", "test"), ("Note", "info"), ("Note", "warn"), ("Note", "error"), ("NoNodesSelected", "warn")]
    assert {(name, level) for name, level in heard if name in TOLD} == {(name, "debug") for name in TOLD}


def test_the_launcher_passes_a_warning_and_no_debug_event(project: Path, tmp_path: Path) -> None:
    (project / "models" / "models.yml").write_text(MODELS.replace("- unique", "- unique: {config: {severity: warn}}"))
    (project / "models" / "leads.sql").write_text("select 1 as lead_id union all select 1")
    heard = []
    dbt = Dbt(project, tmp_path / "var")
    dbt._invoke(["build", *NOT_IN_A_RUN], lambda message: heard.append((message.info.name, message.info.level)))
    assert ("LogTestResult", "warn") in heard
    assert {name for name, _ in heard} >= {"LogStartLine", "LogModelResult"}
    assert not [name for name, level in heard if level == "debug" and name not in TOLD]
