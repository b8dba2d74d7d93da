"""What makes a run compute again, and what does not."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from orchestration.paths import paths
from orchestration.publishing.manifest import Publication
from orchestration.warehouse.audit import (
    Audit,
    Kept,
    discard_audit,
    kept_of_last_build,
    rules_stand,
    write_audit,
)
from orchestration.warehouse.inputs import Inputs, code_hash, delivery_ids, git_commit, hash_of_files
from orchestration.warehouse.storage import write_json

INPUTS = Inputs("2026-03-31", {"history_days": 7}, "rules", "code", "abc", ("d1", "d2"))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"git_commit": "def+changes"}, []),
        ({"as_of_date": "2026-04-01"}, ["the day-end"]),
        ({"ruleset_hash": "other"}, ["the rules"]),
        ({"code_hash": "other"}, ["the code"]),
        ({"settings": {"history_days": 8}}, ["the settings"]),
        ({"deliveries": ("d1", "d2", "d3")}, ["the deliveries"]),
    ],
)
def test_differences_are_named(change: dict, expected: list[str]) -> None:
    assert INPUTS.differences(replace(INPUTS, **change)) == expected


def test_to_json_and_back() -> None:
    assert Inputs.from_dict({**INPUTS.as_dict(), "more": 1}) == INPUTS


def test_a_repeated_look_adds_no_delivery_but_a_failure_does(tmp_path: Path) -> None:
    folder = tmp_path / "lake" / "receipts" / "ingest_month=2026-03"
    folder.mkdir(parents=True)

    def log(name: str, *rows: tuple[str, str]) -> None:
        values = ", ".join(f"('{delivery}', '{status}')" for delivery, status in rows)
        with duckdb.connect() as con:
            con.execute(f"copy (select * from (values {values}) t(delivery_id, status)) to '{folder / name}'")

    log("1.parquet", ("b", "loaded"), ("a", "loaded"))
    first = delivery_ids(tmp_path)
    assert first == ("a", "b")
    log("2.parquet", ("a", "repeated"), ("b", "repeated"))
    assert delivery_ids(tmp_path) == first
    log("3.parquet", ("c", "failed"))
    failed = delivery_ids(tmp_path)
    assert failed == ("a", "b", "c failed")
    log("4.parquet", ("c", "failed"))
    assert delivery_ids(tmp_path) == failed
    log("5.parquet", ("c", "loaded"))
    assert delivery_ids(tmp_path) != failed


def test_a_hash_of_files_sees_names_and_contents_not_times_or_places(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    (one / "models").mkdir(parents=True)
    (one / "models" / "a.sql").write_text("select 1")
    shutil.copytree(one, two)
    files = lambda root: [path for path in root.rglob("*.sql")]  # noqa: E731
    before = hash_of_files(one, files(one))
    assert hash_of_files(two, files(two)) == before
    (two / "models" / "a.sql").write_text("select 2")
    assert hash_of_files(two, files(two)) != before
    (one / "models" / "a.sql").rename(one / "models" / "b.sql")
    assert hash_of_files(one, files(one)) != before


def test_the_commit_says_when_files_differ_from_it(tmp_path: Path) -> None:
    assert git_commit(tmp_path) == ""
    git = ["git", "-C", str(tmp_path), "-c", "user.name=t", "-c", "user.email=t@example.com"]
    (tmp_path / "a").write_text("1")
    for arguments in (["init", "-q"], ["add", "a"], ["commit", "-qm", "first"]):
        subprocess.run([*git, *arguments], check=True)
    commit = git_commit(tmp_path)
    assert len(commit) == 40
    (tmp_path / "a").write_text("2")
    assert git_commit(tmp_path) == f"{commit}+changes"


@pytest.mark.parametrize(
    ("change", "stand"),
    [
        ({}, True),
        ({"as_of_date": "2026-04-01", "deliveries": ("d1", "d2", "d3")}, True),
        ({"settings": {"history_days": 8, "rules_as_of": ""}}, True),
        ({"settings": {"history_days": 7, "rules_as_of": "2026-03-01"}}, False),
        ({"ruleset_hash": "other"}, False),
        ({"code_hash": "other"}, False),
    ],
)
def test_the_rules_layer_stands_while_rules_and_code_do(tmp_path: Path, change: dict, stand: bool) -> None:
    built = replace(INPUTS, settings={"history_days": 7, "rules_as_of": ""})
    (tmp_path / "warehouse.duckdb").write_bytes(b"as built")
    write_audit(tmp_path, Audit(built, is_green=True, is_complete=True, newest_known_at="", checks=1))
    assert rules_stand(tmp_path, replace(built, **change)) is stand


@pytest.mark.parametrize("broken", ["red", "in part", "touched", "deleted", "no record"])
def test_the_rules_layer_of_a_doubtful_warehouse_is_built_again(tmp_path: Path, broken: str) -> None:
    built = replace(INPUTS, settings={"rules_as_of": ""})
    (tmp_path / "warehouse.duckdb").write_bytes(b"as built")
    write_audit(tmp_path, Audit(built, broken != "red", broken != "in part", newest_known_at="", checks=1))
    if broken == "touched":
        (tmp_path / "warehouse.duckdb").write_bytes(b"by a plain dbt build")
    if broken == "deleted":
        (tmp_path / "warehouse.duckdb").unlink()
    if broken == "no record":
        discard_audit(tmp_path)
    assert not rules_stand(tmp_path, built)


SETTINGS = {
    "business_timezone": "Asia/Shanghai",
    "cutoff_hour": 6,
    "history_days": 7,
    "history_month_ends": 0,
    "rules_as_of": "",
}


@pytest.mark.parametrize(
    ("built", "now", "days"),
    [
        ({}, {"as_of_date": "2026-04-01", "deliveries": ("d1", "d2", "d3")}, 1),
        ({}, {"as_of_date": "2026-04-06"}, 6),
        ({}, {"as_of_date": "2026-04-07"}, None),  # Nothing that was told lies within the history.
        ({}, {}, None),  # The same day again has other deliveries.
        ({"as_of_date": "2026-04-02"}, {"as_of_date": "2026-04-01"}, None),
        ({"settings": SETTINGS | {"history_month_ends": 12}}, {"as_of_date": "2026-04-01"}, 1),
        # What is on record reaches back as far as the day looks, or it does not.
        ({"settings": SETTINGS | {"history_days": 6}}, {"as_of_date": "2026-04-01"}, 1),
        ({"settings": SETTINGS | {"history_days": 5}}, {"as_of_date": "2026-04-01"}, None),
        ({"settings": SETTINGS | {"history_days": 300}}, {"as_of_date": "2026-04-01"}, 1),
        ({}, {"as_of_date": "2026-04-01", "settings": SETTINGS | {"history_month_ends": 12}}, None),
        ({"ruleset_hash": "other"}, {"as_of_date": "2026-04-01"}, None),
        ({"code_hash": "other"}, {"as_of_date": "2026-04-01"}, None),
        ({"deliveries": ("d0", "d1")}, {"as_of_date": "2026-04-01"}, None),  # One is gone from the lake.
    ],
)
def test_a_daily_run_computes_only_the_days_since_the_last(
    tmp_path: Path, built: dict, now: dict, days: int | None
) -> None:
    """What is kept of earlier days is proven by tests/proof: each is replayed from its whole history."""
    before = replace(INPUTS, **({"settings": SETTINGS} | built))
    (tmp_path / "warehouse.duckdb").write_bytes(b"as built")
    write_audit(tmp_path, Audit(before, True, True, newest_known_at="", checks=1))
    say_published(tmp_path, before)
    inputs = replace(INPUTS, **({"settings": SETTINGS} | now))
    came_since = sorted(set(inputs.deliveries) - set(before.deliveries))
    assert kept_of_last_build(tmp_path, inputs) == (days and Kept(days, came_since))


@pytest.mark.parametrize("doubt", ["provisional", "not published", "red", "touched"])
def test_nothing_is_kept_of_a_doubtful_day(tmp_path: Path, doubt: str) -> None:
    before = replace(INPUTS, settings=SETTINGS)
    (tmp_path / "warehouse.duckdb").write_bytes(b"as built")
    write_audit(tmp_path, Audit(before, doubt != "red", True, newest_known_at="", checks=1))
    if doubt != "not published":
        say_published(tmp_path, before, is_provisional=doubt == "provisional")
    if doubt == "touched":
        (tmp_path / "warehouse.duckdb").write_bytes(b"by a plain dbt build")
    assert kept_of_last_build(tmp_path, replace(before, as_of_date="2026-04-01")) is None


def say_published(home: Path, inputs: Inputs, is_provisional: bool = False) -> None:
    """As after publishing: the record, and a serving file beside it."""
    where = paths(home)
    where.serving_database.parent.mkdir(parents=True, exist_ok=True)
    where.serving_database.write_bytes(b"marts")
    at = "2026-04-01T00:00:00Z"
    publication = Publication(inputs, at, at, at, is_provisional, at, checks=1, fingerprint="", marts={})
    write_json(where.published, publication.as_dict())


def test_the_types_of_a_rule_file_are_code(tmp_path: Path) -> None:
    """A column type stands in the YAML beside the file: other types, other tables, though every cell is the same."""
    for name in (
        "dbt_project/dbt_project.yml",
        "seeds/rules/scoring/_scoring__rules.yml",
        "seeds/rules/scoring/a.csv",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("before")
    before = code_hash(tmp_path)
    (tmp_path / "seeds/rules/scoring/a.csv").write_text("rows have a fingerprint of their own")
    assert code_hash(tmp_path) == before
    (tmp_path / "seeds/rules/scoring/_scoring__rules.yml").write_text("after")
    assert code_hash(tmp_path) != before
