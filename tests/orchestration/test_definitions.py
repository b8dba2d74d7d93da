"""The Dagster graph: its keys, its groups from left to right, its partitions, its job and schedule."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from orchestration.warehouse.dbt import Dbt
from orchestration.warehouse.layers import read_manifest

ROOT = Path(__file__).resolve().parents[2]
SNAPSHOT = Path(__file__).with_name("asset_keys.txt")
GROUPS = [
    "deliveries",
    "lake",
    "staging",
    "rules",
    "cleansing",
    "tagging",
    "scoring",
    "maturity",
    "marts",
    "publish",
    "report",
    "notify",
]


@pytest.fixture(scope="module")
def defs(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    before = os.environ.get("LEADHOUSE_HOME")
    os.environ["LEADHOUSE_HOME"] = str(tmp_path_factory.mktemp("definitions"))
    try:
        from orchestration.definitions import defs
    finally:
        if before is None:
            del os.environ["LEADHOUSE_HOME"]
        else:
            os.environ["LEADHOUSE_HOME"] = before
    return defs


@pytest.fixture(scope="module")
def graph(defs: dg.Definitions):
    return defs.resolve_asset_graph()


def test_asset_keys_change_only_on_purpose(graph) -> None:
    keys = sorted(key.to_user_string() for key in graph.get_all_asset_keys())
    if os.environ.get("UPDATE_ASSET_KEYS"):
        SNAPSHOT.write_text("\n".join(keys) + "\n", encoding="utf-8")
    known = SNAPSHOT.read_text(encoding="utf-8").splitlines()
    added, removed = sorted(set(keys) - set(known)), sorted(set(known) - set(keys))
    assert not added and not removed, (
        f"The graph has new keys {added} and lacks {removed}. A renamed asset loses its history in Dagster. If that is "
        "meant, run `UPDATE_ASSET_KEYS=1 .venv/bin/pytest tests/orchestration/test_definitions.py` and commit the file."
    )


def test_the_graph_reads_from_left_to_right(graph) -> None:
    place = {group: position for position, group in enumerate(GROUPS)}
    groups = {node.key: node.group_name for node in graph.asset_nodes}
    assert set(groups.values()) == set(GROUPS)
    # Rules and staging both stand at the beginning; neither reads the other.
    backwards = [
        f"{parent.to_user_string()} -> {node.key.to_user_string()}"
        for node in graph.asset_nodes
        for parent in node.parent_keys
        if place[groups[parent]] > place[groups[node.key]]
    ]
    assert not backwards


def test_whatever_depends_on_the_day_end_is_partitioned_by_day(graph) -> None:
    day_ends = next(key for key in graph.get_all_asset_keys() if key.path[-1] == "int_cleansing__day_ends")
    partitioned = {node.key for node in graph.asset_nodes if node.partitions_def}
    assert day_ends in partitioned
    for node in graph.asset_nodes:
        if node.group_name in ("deliveries", "lake", "staging", "rules"):
            assert node.key not in partitioned, node.key
        if node.group_name in ("scoring", "publish", "report"):
            assert node.key in partitioned or not (node.parent_keys & partitioned), node.key
        assert node.key in partitioned or not (node.parent_keys & partitioned), node.key


def test_today_is_a_partition_and_a_backfill_is_one_run(defs, graph) -> None:
    node = graph.get(dg.AssetKey(["serving", "leadhouse"]))
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()
    assert node.partitions_def.get_last_partition_key() == today
    single = dg.BackfillPolicy.single_run()
    assert {node.backfill_policy for node in graph.asset_nodes if node.partitions_def} == {single}


def test_dbt_tests_are_asset_checks(graph, tmp_path) -> None:
    checks = {key.name for key in graph.asset_check_keys}
    manifest = read_manifest(Dbt(ROOT / "dbt_project", tmp_path).ensure_manifest())
    tests = {node["name"] for node in manifest["nodes"].values() if node["resource_type"] == "test"}
    assert tests and tests <= checks
    checked = {key.asset_key for key in graph.asset_check_keys}
    assert dg.AssetKey(["lake", "receipts"]) in checked


def test_the_schedule_asks_for_the_day_that_the_cut_off_has_closed(defs) -> None:
    schedule = defs.resolve_schedule_def("every_morning")
    assert schedule.cron_schedule == "30 6 * * *" and schedule.execution_timezone == "Asia/Shanghai"
    tick = datetime(2026, 3, 2, 6, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    for same in (tick, tick.astimezone(UTC)):
        context = dg.build_schedule_context(
            scheduled_execution_time=same, repository_def=defs.get_repository_def()
        )
        data = schedule.evaluate_tick(context)
        assert [request.partition_key for request in data.run_requests] == ["2026-03-01"]


def test_the_job_runs_everything(defs, graph) -> None:
    job = defs.resolve_job_def("daily")
    executable = {node.key for node in graph.asset_nodes if node.is_executable}
    assert set(job.asset_layer.executable_asset_keys) == executable


def test_definitions_stay_tiny() -> None:
    assert len((ROOT / "orchestration" / "definitions.py").read_text().splitlines()) <= 50
