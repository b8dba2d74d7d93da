"""Alerts of the demo company, held against its truth and against sums over the ledger that read no model of alerts (R44)."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

POLICIES = Path(__file__).resolve().parents[2] / "seeds" / "rules" / "anomaly" / "rule_anomaly__policies.csv"
CAUSES = {
    "identity": "identity", "rule": "rule_change", "attribute": "attribute", "late_data": "late_data",
    "decay": "decay", "inactivity": "inactivity", "behaviour": "behaviour",
}  # fmt: skip


@pytest.fixture(scope="module")
def policies() -> dict[str, dict[str, str]]:
    """The newest version of every policy, by its key; all hold since before the demo company began."""
    with POLICIES.open(encoding="utf-8", newline="") as file:
        newest = {row["rule_id"]: row for row in csv.DictReader(file)}
    return {f"{rule_id}@{row['valid_from']}": row for rule_id, row in newest.items() if row["status"] == "active"}


@pytest.fixture(scope="module")
def days(warehouse) -> list:
    rows = warehouse.execute("select as_of_date from cleansing.int_cleansing__day_ends where is_in_series order by 1")
    return [row[0] for row in rows.fetchall()]


def lead_of_story(demo, marts, story: int, who: str) -> str:
    with (demo.home / "truth" / "stories.csv").open(encoding="utf-8") as file:
        keys = [row["record_key"] for row in csv.DictReader(file) if row["story"] == str(story) and row["who"] == who]
    found = marts.execute(
        f"select distinct lead_id from marts.dim_lead_aliases where record_key in ({', '.join('?' * len(keys))})", keys
    ).fetchall()
    assert len(found) == 1, f"story {story}: {found}"
    return found[0][0]


def test_the_planted_plunge_is_found(demo, marts):
    """Story 4: he unsubscribes, deletes the contact and cancels the meeting within three days: one alert, by behaviour."""
    lead = lead_of_story(demo, marts, 4, "刘建国")
    found = marts.execute(
        "select cause, state, reopenings, opened_on::varchar, last_seen_on::varchar, severity from marts.fct_alerts "
        "where lead_id = ? and alert_kind = 'score_plunge'", [lead]
    ).fetchall()  # fmt: skip
    assert found == [("behaviour", "open", 0, "2026-11-19", "2026-11-20", "critical")]


def test_the_planted_stagnation_is_found(demo, marts):
    """Story 5: in evaluation since 11 September, last seen on 11 October, thirty days allowed."""
    lead = lead_of_story(demo, marts, 5, "吴晓")
    found = marts.execute(
        "select alert_kind, state, since_on::varchar, magnitude from marts.fct_alerts where lead_id = ? and alert_kind <> 'sla_breach'", [lead]
    ).fetchall()
    assert found == [("stagnation", "open", "2026-11-11", 40)]


def falls(warehouse, days, policies) -> tuple[set, set]:
    """(alerts, excused): day, lead and policy of every fall of the demanded size, by whether other causes make up that size."""
    leads, ledger = {}, defaultdict(list)
    for day, lead, score, band, status in warehouse.execute(
        "select s.as_of_date, s.lead_id, s.score_milli, s.band, l.lifecycle_status from scoring.int_scoring__lead_scores as s "
        "left join maturity.int_maturity__lead_lifecycle as l using (as_of_date, lead_id)"
    ).fetchall():
        leads[day, lead] = (score, band, status)
    columns = ", ".join(f"{name}_milli" for name in CAUSES)
    for day, lead, *milli in warehouse.execute(f"select as_of_date, lead_id, {columns} from scoring.int_scoring__score_changes").fetchall():
        ledger[lead].append((day, dict(zip(CAUSES.values(), milli, strict=True))))
    alerts, excused = set(), set()
    for rule_key, policy in policies.items():
        if policy["metric"] != "score_plunge":
            continue
        needed = int(policy["threshold"]) * 1000
        excluded, statuses = policy["excludes_cause"].split("|"), policy["lifecycle_statuses"].split("|")
        for day in days[1:]:
            start = max(day - timedelta(days=int(policy["window_days"])), days[0])
            for (on, lead), (score, _, status) in leads.items():
                if on != day or (start, lead) not in leads or status not in statuses:
                    continue
                score_before, band_before, _ = leads[start, lead]
                if score_before - score < needed or (policy["band"] and policy["band"] != band_before):
                    continue
                counted = sum(
                    milli
                    for changed_on, causes in ledger[lead]
                    if start < changed_on <= day
                    for cause, milli in causes.items()
                    if cause not in excluded
                )
                (alerts if -counted >= needed else excused).add((day, lead, rule_key))
    return alerts, excused


def test_no_plunge_is_explained_by_decay_silence_or_rules_alone_and_none_is_missing(marts, warehouse, days, policies):
    """Every lead and day again, from scores and ledger: exactly the falls that other causes explain are alerts."""
    alerts, excused = falls(warehouse, days, policies)
    recorded = marts.execute(
        "select as_of_date, lead_id, rule_key from marts.fct_alert_days where alert_kind = 'score_plunge' and threshold_pct >= 100"
    ).fetchall()
    assert set(recorded) == alerts and alerts
    assert not excused & set(recorded)
    # The default rules leave something to excuse: otherwise this would show nothing.
    assert excused


def test_an_alert_names_no_cause_that_its_policy_excuses(marts, policies):
    rows = marts.execute(
        "select rule_key, cause, evidence from marts.fct_alert_days where speaks and alert_kind in ('score_plunge', 'band_drop')"
    ).fetchall()
    assert rows
    for rule_key, cause, evidence in rows:
        excused = {"decay", "inactivity", "rule_change"}
        assert excused <= set(policies[rule_key]["excludes_cause"].split("|"))
        assert cause not in excused
        assert not excused & {item["cause"] for item in json.loads(evidence)["causes"]}


def test_who_is_stagnant_neither_did_anything_nor_was_contacted(marts):
    """Asked of the touches themselves: within the days that the stage allows no contact by us, and of the lead's own only leaving us."""
    rows = marts.execute(
        """
        select distinct t.touch_type
        from marts.fct_alert_days as a
        inner join marts.fct_touchpoints as t
            on
                a.lead_id = t.lead_id
                and t.known_on <= a.as_of_date and t.occurred_on <= a.as_of_date
                and t.occurred_on >= a.as_of_date - cast(json_extract_string(a.evidence, '$.limit_days') as integer)
        where
            a.alert_kind = 'stagnation' and a.speaks and not t.is_automatic
            and (t.is_response or t.initiative = 'customer')
        """
    ).fetchall()
    assert {row[0] for row in rows} <= {"contact_deleted_us", "unfollowed", "unsubscribed"}
    assert marts.execute("select count(*) from marts.fct_alerts where alert_kind = 'stagnation' and state = 'open'").fetchone()[0] >= 20


def test_an_alert_leads_to_its_rows(marts):
    for alert_id, sql in marts.execute("select alert_id, rows_sql from marts.fct_alerts where rows_sql is not null").fetchall():
        assert marts.execute(sql).fetchone(), f"{alert_id}: {sql}"


def test_the_budget_stands_beside_the_threshold(marts, days, policies):
    """What opened in the record, counted again; a higher threshold never leaves more open."""
    rows = marts.execute(
        "select rule_key, alternative_pct, days_watched, opened, open_now from marts.rpt_alert_budget order by rule_key, alternative_pct"
    ).fetchall()
    assert {row[0] for row in rows} >= set(policies)
    assert {row[2] for row in rows} == {len(days) - 1}
    for rule_key in policies:
        of_rule = [row for row in rows if row[0] == rule_key]
        assert [row[4] for row in of_rule] == sorted((row[4] for row in of_rule), reverse=True)
    found = defaultdict(set)
    for rule_key, subject, day in marts.execute(
        "select rule_key, subject_key, as_of_date from marts.fct_alert_days where threshold_pct >= 100"
    ).fetchall():
        found[rule_key].add((subject, day))
    for rule_key, pct, _, opened, _ in rows:
        if pct == 100:
            seen = found[rule_key]
            assert opened == sum(day > days[0] and (subject, day - timedelta(days=1)) not in seen for subject, day in seen)


def test_late_clocks_are_a_handful_a_week(marts):
    """What docs/operating.md says: a week of the demo has 9, all of them on requests that are worth an alert; without clock_rules it had 38."""
    [(opened, days)] = marts.execute(
        "select opened_per_week_milli, days_watched from marts.rpt_alert_budget where is_in_force and rule_key like 'ANO-051@%'"
    ).fetchall()
    assert days == 7 and 0 < opened <= 10_000
    told = marts.execute(
        "select distinct split_part(clocks.rule_key, '@', 1) from marts.fct_alerts as alerts "
        "inner join marts.fct_response_clocks as clocks on alerts.subject_key = clocks.clock_key where alerts.alert_kind = 'sla_breach'"
    ).fetchall()
    assert {rule for (rule,) in told} <= {"SLA-001", "SLA-004", "SLA-007", "SLA-021", "SLA-022"}
