"""Publishing: what a reader sees is whole, old or new, whenever the publisher dies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration.publishing.manifest import last_publication, recover
from orchestration.publishing.publish import PublishError, publish
from orchestration.warehouse.audit import NotAuditedError

STEPS = [
    "check the audit",
    "copy the marts",
    "take fingerprints",
    "write the history",
    "write Parquet",
    "archive the rules",
    "swap Parquet",
    "swap the serving file",
    "write the manifest",
]
NOT_SWAPPED = STEPS[: STEPS.index("write the manifest")]


def top_score(home: Path) -> int:
    with duckdb.connect(str(home / "serving" / "leadhouse.duckdb"), read_only=True) as con:
        return con.execute("select max(score) from marts.fct_lead_scores").fetchone()[0]


def test_a_first_publication_is_complete(home: Path, rebuild: Callable[..., None]) -> None:
    rebuild()
    seen: list[str] = []
    publication = publish(
        home,
        comments={"fct_lead_scores": {"": "One row per lead.", "score": "0-100", "gone": "no such column"}},
        on_step=seen.append,
    )
    assert seen == STEPS
    serving = home / "serving"
    with duckdb.connect(str(serving / "leadhouse.duckdb"), read_only=True) as con:
        assert con.execute("select count(*) from marts.fct_lead_scores").fetchone() == (100,)
        assert con.execute("select lead_id from marts.fct_lead_scores limit 2").fetchall() == [
            ("L0",),
            ("L1",),
        ]
        row = con.execute("select * from marts.published_day_ends").fetchone()
        assert [str(value) for value in row[:5]] == [
            "2026-03-31",
            "2026-03-31 16:00:00",
            "2026-03-31 22:00:00",
            "Asia/Shanghai",
            "True",
        ]
        assert con.execute("select count(*) from marts.published_marts").fetchone() == (3,)
        comment = "select comment from duckdb_tables() where table_name = 'fct_lead_scores'"
        assert con.execute(comment).fetchone() == ("One row per lead.",)
    parquet = sorted(path.stem for path in (serving / "parquet").glob("*.parquet"))
    assert parquet == [
        "dim_rules",
        "fct_lead_scores",
        "published_day_ends",
        "published_marts",
        "rpt_lead_queue",
    ]
    assert (serving / "rules" / "rules1.parquet").exists()
    manifest = json.loads((serving / "published.json").read_text())
    assert manifest["known_until_at"] == "2026-03-31T22:00:00Z"
    assert manifest["marts"]["fct_lead_scores"].startswith("100:")
    assert manifest["deliveries"] == ["d1", "d2"]
    assert last_publication(home) == publication
    assert not list(serving.glob("*.next*"))


def test_the_file_opens_in_older_clients(home: Path, rebuild: Callable[..., None]) -> None:
    rebuild()
    publish(home)
    with duckdb.connect() as con:
        con.execute(f"attach '{home / 'serving' / 'leadhouse.duckdb'}' as s (read_only)")
        tags = con.execute("select tags from duckdb_databases() where database_name = 's'").fetchone()[0]
    assert tags["storage_version"].startswith("v1.5.0"), tags


def test_history_is_carried_on_and_a_day_is_replaced(home: Path, rebuild: Callable[..., None]) -> None:
    for day, score in (("2026-03-30", 60), ("2026-03-31", 70), ("2026-03-31", 71)):
        rebuild(as_of_date=day, score=score)
        publish(home)
    with duckdb.connect(str(home / "serving" / "leadhouse.duckdb"), read_only=True) as con:
        days = con.execute(
            "select as_of_date::varchar, fingerprint, is_current from marts.published_day_ends order by 1"
        ).fetchall()
        assert [(day, current) for day, _, current in days] == [("2026-03-30", False), ("2026-03-31", True)]
        assert con.execute("select count(*) from marts.published_marts").fetchone() == (6,)
    assert days[1][1] == last_publication(home).fingerprint
    assert (home / "serving" / "manifests" / "2026-03-30.json").exists()


def test_publishing_an_old_day_again_does_not_turn_back_the_clock_of_knowledge(
    home: Path, rebuild: Callable[..., None]
) -> None:
    rebuild(as_of_date="2026-03-31")
    publish(home)
    rebuild(as_of_date="2026-02-01")
    again = publish(home)
    assert again.cutoff_at == "2026-02-01T22:00:00Z"
    assert again.known_until_at == "2026-03-31T22:00:00Z"


def test_a_provisional_day_end_is_known_only_as_far_as_its_deliveries(
    home: Path, rebuild: Callable[..., None]
) -> None:
    rebuild(newest_known_at="2026-03-31T12:00:00Z")
    provisional = publish(home)
    assert provisional.is_provisional
    assert provisional.cutoff_at == provisional.known_until_at == "2026-03-31T12:00:00Z"
    rebuild(newest_known_at="2026-03-31T22:00:00Z")
    assert not publish(home).is_provisional


def test_a_warehouse_of_another_day_is_not_published(home: Path, rebuild: Callable[..., None]) -> None:
    rebuild()
    _edit(
        home,
        inputs={
            **json.loads((home / "warehouse.audit.json").read_text())["inputs"],
            "as_of_date": "2026-03-30",
        },
    )
    with pytest.raises(PublishError, match="shows day-end 2026-03-31, its audit says 2026-03-30"):
        publish(home)


def test_equal_content_has_an_equal_fingerprint(tmp_path: Path, rebuild: Callable[..., None]) -> None:
    fingerprints = set()
    for name in ("one", "two"):
        rebuild(tmp_path / name)
        fingerprints.add(publish(tmp_path / name).fingerprint)
    rebuild(tmp_path / "three", score=71)
    assert len(fingerprints) == 1
    assert publish(tmp_path / "three").fingerprint not in fingerprints


def test_a_reader_keeps_the_file_it_opened(home: Path, rebuild: Callable[..., None]) -> None:
    rebuild(score=10)
    publish(home)
    reader = (
        "import duckdb, sys\n"
        f"con = duckdb.connect({str(home / 'serving' / 'leadhouse.duckdb')!r}, read_only=True)\n"
        "print(con.execute('select max(score) from marts.fct_lead_scores').fetchone()[0], flush=True)\n"
        "sys.stdin.readline()\n"
        "print(con.execute('select max(score) from marts.fct_lead_scores').fetchone()[0], flush=True)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", reader], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline().strip() == "109"
        rebuild(score=20)
        publish(home)
        assert top_score(home) == 119
        out, _ = process.communicate("\n", timeout=60)
    assert out.strip() == "109"


@pytest.mark.parametrize("step", STEPS)
def test_an_error_before_any_step_leaves_something_whole(
    home: Path, rebuild: Callable[..., None], step: str
) -> None:
    rebuild(score=10)
    before = publish(home)
    rebuild(score=20)

    def fail(name: str) -> None:
        if name == step:
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        publish(home, on_step=fail)
    if step in NOT_SWAPPED:
        assert top_score(home) == 109
        assert last_publication(home) == before
    else:
        assert top_score(home) == 119
        recover(home)
        assert last_publication(home).fingerprint != before.fingerprint
    publish(home)
    assert top_score(home) == 119
    with duckdb.connect() as con:
        parquet = home / "serving" / "parquet" / "fct_lead_scores.parquet"
        assert con.execute(f"select max(score) from '{parquet}'").fetchone() == (119,)
    assert len(list((home / "serving").glob(".parquet-*"))) <= 2


KILLED = """
import os, signal, sys
from pathlib import Path
from orchestration.publishing.publish import PublishError, publish

def die(name):
    if name == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

publish(Path(sys.argv[1]), on_step=die)
"""


@pytest.mark.parametrize(
    "step", ["copy the marts", "write the history", "swap Parquet", "swap the serving file"]
)
def test_a_killed_publisher_leaves_the_old_file(home: Path, rebuild: Callable[..., None], step: str) -> None:
    rebuild(score=10)
    before = publish(home)
    rebuild(score=20)
    done = subprocess.run([sys.executable, "-c", KILLED, str(home), step], timeout=120, check=False)
    assert done.returncode == -9
    assert top_score(home) == 109
    assert last_publication(home) == before
    publish(home)
    assert top_score(home) == 119


def test_killed_right_after_the_swap_the_manifest_is_made_good(
    home: Path, rebuild: Callable[..., None]
) -> None:
    rebuild(score=10)
    publish(home)
    rebuild(score=20)
    subprocess.run([sys.executable, "-c", KILLED, str(home), "write the manifest"], timeout=120, check=False)
    assert top_score(home) == 119
    recover(home)
    with duckdb.connect(str(home / "serving" / "leadhouse.duckdb"), read_only=True) as con:
        fingerprint = con.execute("select fingerprint from marts.published_day_ends").fetchone()[0]
    assert last_publication(home).fingerprint == fingerprint


def test_a_failing_rename_leaves_the_old_file(
    home: Path, rebuild: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild(score=10)
    publish(home)
    rebuild(score=20)
    replace = os.replace

    def refuse(source: Path, target: Path) -> None:
        if Path(target).name == "leadhouse.duckdb":
            raise PermissionError("read-only file system")
        replace(source, target)

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(PermissionError):
        publish(home)
    assert top_score(home) == 109


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda home: (home / "warehouse.audit.json").unlink(), "not built to its end"),
        (lambda home: _touch(home), "changed after its last audited build"),
        (lambda home: _edit(home, is_green=False), "last build failed"),
        (lambda home: _edit(home, is_complete=False), "covered only some models"),
    ],
)
def test_only_an_audited_warehouse_is_published(
    home: Path, rebuild: Callable[..., None], spoil: Callable[[Path], None], message: str
) -> None:
    rebuild(score=10)
    publish(home)
    rebuild(score=20)
    spoil(home)
    with pytest.raises(NotAuditedError, match=message):
        publish(home)
    assert top_score(home) == 109


def _touch(home: Path) -> None:
    with duckdb.connect(str(home / "warehouse.duckdb")) as con:
        con.execute("create or replace table marts.fct_lead_scores as select 1 as score")


def _edit(home: Path, **changes: object) -> None:
    path = home / "warehouse.audit.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
