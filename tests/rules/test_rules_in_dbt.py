"""The rules as dbt builds them: plain `dbt build` stops on the same mistakes, and the calendar keeps its promises."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.slow


WEIGHTS = ("scoring/rule_scoring__dimensions", "default,need,30,", "default,need,20,")
BANDS = ("scoring/rule_scoring__bands", "total,B,45,65,", "total,B,45,70,")
WORD = ("sla/rule_sla__policies", "demo_request,any,any,30,50,cn_business,critical,", "demo_request,any,any,30,50,cn_business,crtical,")


def replace(folder: Path, name: str, before: str, after: str) -> None:
    path = folder / "seeds" / "rules" / f"{name}.csv"
    text = path.read_text("utf-8")
    assert text.count(before) == 1, name
    path.write_text(text.replace(before, after), "utf-8")


def dbt_build(folder: Path, select: str) -> tuple[int, dict[str, set[str]]]:
    """Build the rules and return the exit code and the nodes by status."""
    project = folder / "dbt_project"
    env = os.environ | {
        "LEADHOUSE_HOME": str(folder),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    dbt = str(Path(sys.executable).with_name("dbt"))
    command = [dbt, "build", "--project-dir", str(project), "--profiles-dir", str(project), "--select", *select.split()]
    run = subprocess.run(command, cwd=project, env=env, capture_output=True, text=True, check=False)
    results = folder / "target" / "run_results.json"
    assert results.exists(), run.stdout + run.stderr
    statuses: dict[str, set[str]] = {}
    for result in json.loads(results.read_text("utf-8"))["results"]:
        statuses.setdefault(result["status"], set()).add(result["unique_id"].split(".")[2].split("_rul_")[0])
    return run.returncode, statuses


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """A build of rules with weights of 90 and overlapping bands, and one after it with an unknown word."""
    folder = tmp_path_factory.mktemp("rules_in_dbt")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    other_layers = ("staging", "cleansing", "tagging", "scoring", "maturity", "marts")
    ignored = shutil.ignore_patterns("target", "logs", "*.duckdb", "tests")

    def rules_only(folder: str, names: list[str]) -> set[str]:
        others = other_layers if Path(folder).name == "models" else ()
        return ignored(folder, names) | {name for name in names if name in others}

    shutil.copytree(ROOT / "dbt_project", folder / "dbt_project", ignore=rules_only)
    replace(folder, *WEIGHTS)
    replace(folder, *BANDS)
    numbers = dbt_build(folder, "tag:rules")
    replace(folder, WEIGHTS[0], WEIGHTS[2], WEIGHTS[1])
    replace(folder, BANDS[0], BANDS[2], BANDS[1])
    replace(folder, *WORD)
    changed = " ".join(f"{name.split('/')[1]}+" for name, _, _ in (WEIGHTS, BANDS, WORD))
    return folder, numbers, dbt_build(folder, changed)


@pytest.fixture(scope="module")
def built(planted):
    return planted[0]


def test_plain_dbt_build_stops_on_wrong_weights_and_bands(planted):
    code, statuses = planted[1]
    assert code == 1
    assert statuses["fail"] == {"adds_up_to_100", "covers"}
    assert "rul_all_rules" in statuses["skipped"], "nothing that reads the rules may run"


def test_plain_dbt_build_stops_on_an_unknown_word(planted):
    code, statuses = planted[2]
    assert code == 1
    assert statuses["fail"] == {"codes_are_terms"}
    assert "error" not in statuses


def test_story_of_the_make_up_saturday(built):
    """Demo form on Saturday 2026-02-14, a make-up workday, 16:50: 30 business minutes end at 17:20 of the same day.

    Spring Festival follows; an answer on Tuesday 24 February 09:10 comes 1 h 10 min (Saturday) + 10 min = 80 min after
    the form. Without make-up days Saturday would be closed and the same answer would count as 10 minutes.
    """
    connection = duckdb.connect(str(built / "warehouse.duckdb"), read_only=True)
    rows = connection.execute("""
        select cast(date_day as varchar), day_kind, opens_second, closes_second, business_seconds, cumulative_business_seconds
        from rules.rul_sla__business_days
        where calendar = 'cn_business' and date_day between date '2026-02-14' and date '2026-02-24'
        order by date_day
    """).fetchall()
    saturday, answered = rows[0], rows[-1]
    assert saturday[:4] == ("2026-02-14", "make_up", 9 * 3600, 18 * 3600)
    due = 16 * 3600 + 50 * 60 + 30 * 60
    assert due == 17 * 3600 + 20 * 60 <= saturday[3]
    assert {row[1] for row in rows[1:-1]} == {"holiday"}
    hour = 3600
    form_at = saturday[5] + (16 * hour + 50 * 60 - 9 * hour) - hour
    answer_at = answered[5] + 10 * 60
    assert answer_at - form_at == 80 * 60


def test_calendar_knows_its_years_and_no_more(built):
    connection = duckdb.connect(str(built / "warehouse.duckdb"), read_only=True)
    kinds = connection.execute(
        "select calendar, day_kind, count(*) from rules.rul_sla__business_days group by calendar, day_kind"
    ).fetchall()
    for calendar in {row[0] for row in kinds}:
        days = {kind: count for of, kind, count in kinds if of == calendar}
        assert days["unknown"] == 365 and sum(days.values()) == 3652, calendar
    (worked,) = connection.execute("""
        select count(*) from rules.rul_sla__business_days where calendar = 'cn_business' and year(date_day) = 2026 and day_kind in ('workday', 'make_up')
    """).fetchone()
    assert worked == 248, "the State Council's arrangement for 2026 has 248 workdays"


def test_every_rule_version_is_in_one_list(built):
    connection = duckdb.connect(str(built / "warehouse.duckdb"), read_only=True)
    rows = sum(path.read_text("utf-8").count("\n") - 1 for path in (built / "seeds" / "rules").rglob("*.csv"))
    assert connection.execute("select count(*) from rules.rul_all_rules").fetchone() == (rows,)
    (payload,) = connection.execute("select payload from rules.rul_all_rules where rule_key = 'ENG-065@2000-01-01'").fetchone()
    assert json.loads(payload) == {
        "channel": "email", "touch_type": "hard_bounced", "qualifier": None, "measure_min": None, "points": -20,
        "half_life_days": None, "max_per_day": 1, "cap_points": -20, "exclusive_group": None, "depth": 0, "is_activity": 0,
    }


def test_mail_domains_are_tag_rules(built):
    connection = duckdb.connect(str(built / "warehouse.duckdb"), read_only=True)
    found = connection.execute("""
        select argument, tag, min(priority) from rules.rul_tagging__tag_rules
        where tag_group = 'mail_domain_kind' and match_kind = 'equals' and argument in ('21cn.com', 'wo.cn', 'mailinator.com')
        group by all order by 1
    """).fetchall()
    assert found == [("21cn.com", "free", 10), ("mailinator.com", "disposable", 10), ("wo.cn", "free", 10)]
