"""Fourteen day-ends (R45, DESIGN 3): published one by one while files and rules arrive, replayed from what is left at the end.

About twenty-five minutes on two cores, so `make proof` runs it and plain `pytest` doesn't. `fourteen_days.py` tells what happens when.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from fourteen_days import DAYS, RULE_ROWS, Company, Landing, day, write_rules
from proof_house import ProofHouse

from orchestration.paths import paths
from orchestration.progress import Silent
from orchestration.publishing.manifest import Publication, publication_of
from orchestration.replay.replay import replay
from orchestration.rules.check import check_rules
from orchestration.rules.overlay import lay_over
from orchestration.warehouse.dbt import Dbt
from orchestration.warehouse.fingerprints import Fingerprint
from orchestration.warehouse.rebuild import annex, rebuild

ALL_DAYS = [day(number) for number in range(1, DAYS + 1)]
LAST_RULES_WRITTEN_ON = day(max(row.written_on for row in RULE_ROWS))
# A day-end knows whether it is the current one of its build; nothing else about a day may depend on the build.
SAYS_WHICH_IS_CURRENT = "cleansing.int_cleansing__day_ends"
# An entry into a status also says when it was left, which only a later day knows; its record, int_maturity__transitions, is compared.
SAYS_WHAT_CAME_LATER = "marts.fct_status_transitions"


@dataclass
class Fortnight:
    """What was published day by day, what a curious person would have seen each evening, and the house at the end."""

    house: ProofHouse
    published: dict[date, Publication] = field(default_factory=dict)
    tables: dict[date, dict[str, Fingerprint]] = field(default_factory=dict)
    leads: dict[date, dict[str, tuple[str, str | None]]] = field(default_factory=dict)
    seen: dict[date, dict[str, Any]] = field(default_factory=dict)


LEADS = """
    select members.record_key, members.lead_id, records.job_title
    from cleansing.int_cleansing__lead_members as members
    inner join cleansing.int_cleansing__current_records as records using (as_of_date, node_key)
    where members.feed = 'crm_leads' and as_of_date = ?
"""
SEEN = {
    "late_touches": "select count(*) from marts.fct_touchpoints where known_on = $day and occurred_on < $day - 1 and occurred_on >= $first",
    "history_touches": "select count(*) from marts.fct_touchpoints where known_on = $day and occurred_on < $first",
    "files_held": "select count(*) from marts.rpt_ingest_balance where as_of_date = $day and status = 'quarantined'",
    "moved_by_rules": "select count(*) from marts.fct_score_changes where as_of_date = $day and rule_milli <> 0",
    "moved_by_identity": "select count(*) from marts.fct_score_changes where as_of_date = $day and identity_milli <> 0",
    "disposable_held": "select count(*) from marts.fct_record_verdicts where rule_id = 'CLN-007' and is_in_force and verdict = 'quarantine'",
    "calculators": "select count(*) from marts.fct_touchpoints where touch_type = 'roi_calculator'",
    "suzhou": "select count(*) from marts.dim_leads where city = '苏州'",
    "ningbo_companies": "select count(distinct account_id) from marts.dim_leads where company_name like '宁波启航电子%'",
    "custom_tags": "select count(*) from marts.fct_lead_tags where rule_key = 'TAG-977@2026-03-13'",
    "unbalanced": "select count(*) from marts.rpt_ingest_balance where difference <> 0",
}  # fmt: skip


@pytest.fixture(scope="module")
def fortnight(tmp_path_factory: pytest.TempPathFactory) -> Fortnight:
    folder = tmp_path_factory.mktemp("fortnight")
    lived = ProofHouse(folder / "lived", folder / "connections", folder / "rules")
    company = Company(Landing(lived.home / "landing", lived.connections))
    found = Fortnight(ProofHouse(folder / "left", folder / "nowhere", folder / "rules"))
    for number, as_of in enumerate(ALL_DAYS, 1):
        company.live(number)
        write_rules(lived.rules, number)
        lived.take_in(as_of)
        lived.publish(as_of, threads=2)
        found.published[as_of] = publication_of(lived.home, as_of)
        found.tables[as_of] = lived.day_fingerprints([as_of])[as_of]
        with duckdb.connect(str(paths(lived.home).warehouse), read_only=True) as con:
            found.leads[as_of] = {record: (lead, title) for record, lead, title in con.execute(LEADS, [as_of]).fetchall()}
            parameters = {"day": as_of, "first": day(1)}
            found.seen[as_of] = {
                name: con.execute(query, {key: value for key, value in parameters.items() if f"${key}" in query}).fetchone()[0]
                for name, query in SEEN.items()
            }
    # What a user keeps: neither the warehouse nor the delivered files nor the connections.
    for part in ("lake", "serving"):
        shutil.copytree(lived.home / part, found.house.home / part, symlinks=True)
    shutil.rmtree(lived.home)
    return found


# What happened ---------------------------------------------------------------------------------------------------------


@pytest.mark.proof
def test_no_day_is_provisional_and_no_two_are_alike(fortnight: Fortnight) -> None:
    assert not [as_of for as_of, one in fortnight.published.items() if one.is_provisional]
    assert len({one.fingerprint for one in fortnight.published.values()}) == DAYS


@pytest.mark.proof
def test_a_title_is_changed_and_changed_back(fortnight: Fortnight) -> None:
    assert [fortnight.leads[day(n)]["crm:1"][1] for n in (1, 2, 3)] == ["市场总监", "总经理助理", "市场总监"]


@pytest.mark.proof
def test_a_deleted_record_is_gone_until_it_is_back(fortnight: Fortnight) -> None:
    assert [n for n in range(1, DAYS + 1) if "crm:5" not in fortnight.leads[day(n)]] == [2, 3, 4, 5, 6, 7]


@pytest.mark.proof
def test_two_records_are_one_lead_until_an_exception_parts_them(fortnight: Fortnight) -> None:
    one = [n for n in range(1, DAYS + 1) if fortnight.leads[day(n)]["crm:7"][0] == fortnight.leads[day(n)]["crm:8"][0]]
    assert one == [4, 5, 6, 7, 8, 9]
    assert all(fortnight.seen[day(n)]["moved_by_identity"] for n in (4, 10))


@pytest.mark.proof
def test_an_event_makes_two_records_one_lead(fortnight: Fortnight) -> None:
    one = [n for n in range(1, DAYS + 1) if fortnight.leads[day(n)]["crm:9"][0] == fortnight.leads[day(n)]["crm:11"][0]]
    assert one == [13, 14]


@pytest.mark.proof
def test_quarantined_records_return(fortnight: Fortnight) -> None:
    """By an exception on day 10; by the end of the check on day 11."""
    assert [n for n in range(5, DAYS + 1) if "crm:40" not in fortnight.leads[day(n)]] == [5, 6, 7, 8, 9]
    assert [n for n in range(5, DAYS + 1) if "crm:41" not in fortnight.leads[day(n)]] == [7, 8, 9, 10]


@pytest.mark.proof
def test_late_and_old_files_count_from_the_day_they_are_known(fortnight: Fortnight) -> None:
    # On day 11 an event of day 8 counts that no touch type had mapped.
    assert [n for n in range(1, DAYS + 1) if fortnight.seen[day(n)]["late_touches"]] == [6, 11]
    assert [n for n in range(1, DAYS + 1) if fortnight.seen[day(n)]["history_touches"]] == [9]
    assert fortnight.leads[day(9)].keys() - fortnight.leads[day(8)].keys() == {"branch:b13", "branch:b50"}


@pytest.mark.proof
def test_a_snapshot_that_lost_too_much_is_held_back(fortnight: Fortnight) -> None:
    assert [fortnight.seen[day(n)]["files_held"] for n in (5, 6, 7, 14)] == [0, 1, 1, 1]
    assert len(fortnight.leads[day(6)]) == len(fortnight.leads[day(5)])


@pytest.mark.proof
def test_rules_hold_from_their_day_on(fortnight: Fortnight) -> None:
    moved = [n for n in range(2, DAYS + 1) if fortnight.seen[day(n)]["moved_by_rules"]]
    assert {5, 12, 14} <= set(moved) <= {5, 7, 10, 11, 12, 14}
    seen = {name: [fortnight.seen[day(n)][name] for n in range(1, DAYS + 1)] for name in SEEN}
    assert seen["disposable_held"][:6] == [0] * 6 and all(seen["disposable_held"][6:])
    assert seen["calculators"][:10] == [0] * 10 and all(seen["calculators"][10:])
    assert seen["custom_tags"][:11] == [0] * 11 and all(seen["custom_tags"][11:])
    # 宁波启航电子合作社 and 宁波启航电子 are one company from day 7 on.
    assert [seen["ningbo_companies"][n - 1] for n in (6, 7)] == [2, 1]
    assert not any(seen["unbalanced"])


# Replayed --------------------------------------------------------------------------------------------------------------


def differing(then: dict[str, Fingerprint], now: dict[str, Fingerprint]) -> list[str]:
    return sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name))


@pytest.mark.proof
@pytest.mark.parametrize("as_of", ALL_DAYS, ids=str)
def test_a_replay_on_one_thread_is_what_was_published(fortnight: Fortnight, as_of: date) -> None:
    """On two threads it was published; every mart and every table left of it that has a day-end is the same bit for bit."""
    replayed = replay(fortnight.house.house(), as_of, threads=1, published_rules=True)
    assert replayed.marts == {} and replayed.differences == []
    assert replayed.fingerprint == fortnight.published[as_of].fingerprint
    assert differing(fortnight.tables[as_of], replayed_tables(fortnight, as_of)) == []


@pytest.mark.proof
@pytest.mark.parametrize("as_of", ALL_DAYS, ids=str)
def test_rows_that_were_appended_since_change_only_the_list_of_rules(fortnight: Fortnight, as_of: date) -> None:
    """On two threads, with the rules as they are at the end; dim_rules lists all versions, the others hold those of the day."""
    replayed = replay(fortnight.house.house(), as_of, threads=2)
    assert list(replayed.marts) == (["dim_rules"] if as_of < LAST_RULES_WRITTEN_ON else [])
    assert differing(fortnight.tables[as_of], replayed_tables(fortnight, as_of)) == []


def replayed_tables(fortnight: Fortnight, as_of: date) -> dict[str, Fingerprint]:
    folder = paths(fortnight.house.home).replays / as_of.isoformat()
    tables = ProofHouse(folder, folder, folder).day_fingerprints([as_of])[as_of]
    for file in folder.glob("warehouse.duckdb*"):
        file.unlink()
    return tables


@pytest.mark.proof
def test_a_range_in_one_pass_is_day_by_day(fortnight: Fortnight, tmp_path: Path) -> None:
    """All fourteen day-ends in one build, each with as many days before it as it had alone."""
    house = fortnight.house.house()
    before = house.settings.history_days
    home = annex(tmp_path / "range", house.home)
    variables = {"as_of_date": str(ALL_DAYS[-1]), "history_days": DAYS - 1 + before}
    with Silent().stage("range") as stage:
        rebuild(Dbt(house.project_dir, home, house.seeds_dir), variables, stage, threads=2)
    together = ProofHouse(home, home, home).day_fingerprints(ALL_DAYS)
    kept = {name for name in together[ALL_DAYS[0]] if any(together[one][name].rows for one in ALL_DAYS[:-1])}
    assert {"marts.rpt_quality_daily", "marts.fct_score_changes", "marts.rpt_ingest_balance", "maturity.int_maturity__transitions"} <= kept
    for as_of in ALL_DAYS:
        names = kept - {SAYS_WHAT_CAME_LATER} if as_of != ALL_DAYS[-1] else together[as_of].keys()
        names = names - {SAYS_WHICH_IS_CURRENT}
        of_day = [{name: tables[as_of][name] for name in names} for tables in (fortnight.tables, together)]
        assert differing(*of_day) == [], f"{as_of}: one pass differs from day by day"


# Cheap enough for every run of the tests -------------------------------------------------------------------------------


def test_the_rules_of_the_fortnight_have_no_mistakes(tmp_path: Path) -> None:
    assert all(row.written_on <= row.holds_from for row in RULE_ROWS)
    write_rules(tmp_path / "own", DAYS)
    seeds = lay_over(Path(__file__).resolve().parents[2] / "seeds", tmp_path / "own", tmp_path / "seeds")
    assert check_rules(seeds) == []
