"""Constraints of a model are held to its rows when it is built (docs/decisions/0006)."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.warehouse.dbt import Dbt

MACROS = Path(__file__).resolve().parents[2] / "dbt_project" / "macros"
PROJECT = """\
name: leadhouse
profile: small
models:
  leadhouse: {+materialized: table, +post-hook: "{{ keep_promises() }}"}
flags: {send_anonymous_usage_stats: false}
"""
PROFILE = """\
small:
  target: duckdb
  outputs:
    duckdb: {type: duckdb, path: "{{ env_var('LEADHOUSE_HOME') }}/warehouse.duckdb", threads: 2}
"""
MODELS = """\
models:
  - name: leads
    constraints: [{type: unique, columns: [lead_id, known_on]}]
    columns:
      - {name: lead_id, data_type: integer, constraints: [{type: not_null}]}
      - {name: known_on, data_type: date}
  - name: scores
    config: {contract: {enforced: true}}
    columns:
      - {name: lead_id, data_type: integer, constraints: [{type: unique}, {type: not_null}]}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "models").mkdir(parents=True)
    (folder / "macros").mkdir()
    for name in ("hygiene/keep_promises.sql", "cross_engine/materializations.sql", "cross_engine/values.sql"):
        (folder / "macros" / Path(name).name).write_text((MACROS / name).read_text())
    (folder / "dbt_project.yml").write_text(PROJECT)
    (folder / "profiles.yml").write_text(PROFILE)
    (folder / "models" / "models.yml").write_text(MODELS)
    (folder / "models" / "scores.sql").write_text("select distinct lead_id from {{ ref('leads') }}")
    (tmp_path / "seeds").mkdir()
    write_leads(folder, "(1, date '2026-01-01'), (1, date '2026-01-02'), (2, null)")
    return folder


def write_leads(project: Path, rows: str, config: str = "") -> None:
    sql = f"{config} select lead_id, known_on from (values {rows}) as delivered (lead_id, known_on)"
    (project / "models" / "leads.sql").write_text(sql)


def rows(home: Path, query: str) -> list[tuple]:
    with duckdb.connect(str(home / "warehouse.duckdb")) as con:
        return con.execute(query).fetchall()


def test_kept_promises_are_silent_and_cost_no_index(project: Path, tmp_path: Path) -> None:
    assert Dbt(project, tmp_path / "var").build().is_green
    assert rows(tmp_path / "var", "select count(*) from scores") == [(2,)]
    constraints = "select distinct constraint_type from duckdb_constraints() order by 1"
    assert rows(tmp_path / "var", constraints) == [("NOT NULL",)]
    assert rows(tmp_path / "var", "select count(*) from duckdb_indexes()") == [(0,)]


@pytest.mark.parametrize(
    ("kind", "delivered", "promise", "example"),
    [
        ("view", "(1, date '2026-01-01'), (1, date '2026-01-01')", "one row per lead_id, known_on", "1, 2026-01-01"),
        # Two nulls are the same value: the key of a tombstone must not be doubled either.
        ("table", "(1, null), (1, null)", "one row per lead_id, known_on", "1, None"),
        ("table", "(1, null), (null, null)", "a lead_id in every row", "None, None"),
    ],
)
def test_a_broken_promise_stops_what_reads_the_model(
    project: Path, tmp_path: Path, kind: str, delivered: str, promise: str, example: str
) -> None:
    config = f"{{{{ config(materialized='{kind}') }}}}"
    write_leads(project, "(1, date '2026-01-01'), (1, date '2026-01-02'), (2, null)", config)
    assert Dbt(project, tmp_path / "var").build().is_green
    write_leads(project, delivered, config)
    outcome = Dbt(project, tmp_path / "var").build()
    said = outcome.explanation()
    assert f"leads breaks its promise of {promise}, 1 times, such as {example}" in said
    assert "look:  models/leads.sql" in said and outcome.skipped == 1
    assert rows(tmp_path / "var", "select count(*), count(known_on) from leads") == [(3, 2)]


def test_a_model_may_turn_from_table_to_view_and_back(project: Path, tmp_path: Path) -> None:
    for kind in ("table", "view", "table"):
        write_leads(project, "(1, null)", f"{{{{ config(materialized='{kind}') }}}}")
        assert Dbt(project, tmp_path / "var").build().is_green


def test_keys_that_share_a_hash_are_only_suspects(project: Path, tmp_path: Path) -> None:
    """With a hash that is the same for all keys, kept promises still pass and broken ones are still counted."""
    values = project / "macros" / "values.sql"
    values.write_text(values.read_text().replace("hash({{ columns }})", "7"))
    assert Dbt(project, tmp_path / "var").build().is_green
    write_leads(project, "(1, null), (1, null), (1, null)")
    said = Dbt(project, tmp_path / "var").build().explanation()
    assert "leads breaks its promise of one row per lead_id, known_on, 1 times, such as 1, None" in said
