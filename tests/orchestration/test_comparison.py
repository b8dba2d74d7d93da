"""Two warehouses side by side: what is counted, by hand on a handful of leads."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.comparison.compare import MARTS, Comparison, NotComparableError, Side, compare

AS_OF = date(2026, 3, 1)
COLUMNS = {
    "dim_leads": "lead_id, lifecycle_status, lifecycle_rule_key, owner_ref, person_name, company_name, source_channel, industry, is_excluded",
    "dim_rules": "rule_key, rule_id, rule_file, valid_from, valid_to, status, label_en, payload",
    "dim_terms": "vocabulary, code, label_en",
    "fct_alerts": "lead_id, rule_key",
    "fct_lead_scores": "lead_id, scope, score, score_milli, band, maturity_level, decision_stage",
    "fct_lead_tags": "lead_id, rule_key",
    "fct_record_verdicts": "feed, record_key, rule_id, is_in_force",
    "fct_response_clocks": "lead_id, rule_key",
    "fct_score_contributions": "lead_id, dimension, kind, rule_id, points_milli, score_share_milli",
    "rpt_lead_queue": "lead_id, queue_rank, reason_rule_keys",
}
TYPES = {
    "score": "bigint",
    "score_milli": "bigint",
    "points_milli": "bigint",
    "score_share_milli": "bigint",
    "queue_rank": "bigint",
    "is_excluded": "boolean",
    "is_in_force": "boolean",
    "valid_from": "date",
    "valid_to": "date",
}


def write(path: Path, rows: dict[str, list[tuple]]) -> Path:
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts")
        for mart in MARTS:
            names = COLUMNS[mart].split(", ")
            typed = ", ".join(f"{name} {TYPES.get(name, 'varchar')}" for name in names)
            con.execute(f"create table marts.{mart} ({typed})")
            if rows.get(mart):
                con.executemany(
                    f"insert into marts.{mart} values ({', '.join('?' * len(names))})", rows[mart]
                )
    return path


def leads(*rows: tuple[str, int, str, str]) -> dict[str, list[tuple]]:
    """(lead, displayed score, band, status); one rule FIT-1 gives all points."""
    return {
        "dim_leads": [
            (i, status, None, "rep", None, None, "website", None, False) for i, _, _, status in rows
        ],
        "fct_lead_scores": [(i, "b2b", score, score * 1000, band, "low", None) for i, score, band, _ in rows],
        "fct_score_contributions": [
            (i, "fit", "points", "FIT-1", s * 1000, s * 1000) for i, s, _, _ in rows if s
        ],
        "rpt_lead_queue": [
            (row[0], n, None) for n, row in enumerate(sorted(rows, key=lambda row: -row[1]), start=1)
        ],
        "dim_terms": [("source_channel", "website", "Website")],
    }


def rule(key: str, payload: str, file: str = "rule_scoring__fit") -> tuple:
    return (
        key,
        key.partition("@")[0],
        file,
        "2000-01-01",
        "9999-12-31",
        "active",
        f"label of {key}",
        payload,
    )


@pytest.fixture
def both(tmp_path: Path):
    before = leads(
        ("L1", 70, "A", "opportunity"),
        ("L2", 50, "B", "engaged"),
        ("L3", 50, "B", "customer"),
        ("L4", 10, "D", "valid"),
    )
    after = leads(
        ("L1", 70, "A", "opportunity"),
        ("L2", 80, "A", "mql"),
        ("L3", 50, "B", "customer"),
        ("L4", 0, "D", "valid"),
    )
    before["dim_rules"] = [rule("FIT-1@2000-01-01", '{"points":1}'), rule("FIT-2@2000-01-01", "{}")]
    after["dim_rules"] = [rule("FIT-1@2000-01-01", '{"points":2}'), rule("FIT-3@2000-01-01", "{}")]
    after["fct_score_contributions"] = [
        row if row[0] != "L2" else ("L2", "fit", "points", "FIT-1", 60_000, 60_000)
        for row in after["fct_score_contributions"]
    ] + [("L2", "fit", "clamp", "fit", 20_000, 20_000)]
    sides = Side(write(tmp_path / "before.duckdb", before)), Side(write(tmp_path / "after.duckdb", after))
    with compare(*sides) as comparison:
        yield comparison


def test_what_differs_is_counted_once_per_lead(both: Comparison) -> None:
    totals = both.row("totals")
    assert (totals["leads"], totals["moved"], totals["band"], totals["status"], totals["owner"]) == (
        4,
        2,
        1,
        1,
        0,
    )
    assert (totals["risen"], totals["fallen"], totals["only_before"], totals["only_after"]) == (1, 1, 0, 0)
    assert both.rows("moves", what="band") == [{"scope": "b2b", "before": "B", "after": "A", "leads": 1}]
    # L2 overtakes L1 and the two behind keep their places.
    assert totals["queue_rank"] == 2
    channel = both.rows("by_word", vocabulary="source_channel")
    assert [(row["label"], row["leads"], row["band"], row["mean_change_milli"]) for row in channel] == [
        ("Website", 4, 1, 5000)
    ]


def test_the_biggest_mover_comes_first_with_its_rule(both: Comparison) -> None:
    """L2 rises by 30, 10 of them from the rule and 20 from a clamp: the rule is named, not the clamp."""
    movers = both.rows("movers", movers=5)
    said = [
        (row["lead_id"], row["change_milli"], row["kind"], row["rule_id"], row["rule_change_milli"])
        for row in movers
    ]
    assert said == [("L2", 30_000, "points", "FIT-1", 10_000), ("L4", -10_000, "points", "FIT-1", -10_000)]


def test_rules_that_differ_and_rules_that_do_not_fire(both: Comparison) -> None:
    changes = {row["rule_key"]: row["change"] for row in both.rows("rules")}
    assert changes == {
        "FIT-1@2000-01-01": "changed",
        "FIT-2@2000-01-01": "removed",
        "FIT-3@2000-01-01": "added",
    }
    findings = {row["rule_id"]: row["finding"] for row in both.rows("coverage", as_of_date=AS_OF, with_alerts=True)}
    assert findings == {"FIT-2": "no longer there", "FIT-3": "new, never fires"}


@pytest.mark.parametrize(("with_alerts", "finding"), [(True, "never fires now"), (False, None)])
def test_rules_of_alerts_are_left_out_when_a_side_has_one_day_end_only(
    tmp_path: Path, with_alerts: bool, finding: str | None
) -> None:
    """A daily run computes its own day-end: what looks back over more of them would seem to fall silent."""
    before, after = leads(("L1", 70, "A", "mql")), leads(("L1", 70, "A", "mql"))
    before["dim_rules"] = after["dim_rules"] = [rule("ANO-1@2000-01-01", "{}", "rule_anomalies")]
    before["fct_alerts"] = [("L1", "ANO-1@2000-01-01")]
    sides = Side(write(tmp_path / "before.duckdb", before)), Side(write(tmp_path / "after.duckdb", after))
    with compare(*sides) as comparison:
        rows = comparison.rows("coverage", as_of_date=AS_OF, with_alerts=with_alerts)
    assert {row["rule_id"]: row["finding"] for row in rows}.get("ANO-1") == finding


def test_auc_and_lift_by_hand(both: Comparison) -> None:
    """Outcomes L1 and L3. Before: L1 beats both others, L3 ties with L2 and beats L4: 3.5 of 4 pairs.
    After: L1 and L3 lose to L2 and beat L4: 2 of 4. The best tenth of four is one lead: L1, then L2."""
    before, after = both.rows("outcomes")
    assert (before["leads"], before["outcomes"], before["auc"], before["lift"]) == (4, 2, 0.875, 2.0)
    assert (after["auc"], after["lift"]) == (0.5, 0.0)


def test_marts_that_one_side_did_not_build_are_those_of_the_other(tmp_path: Path) -> None:
    whole = write(tmp_path / "warehouse.duckdb", leads(("L1", 70, "A", "mql")))
    part = tmp_path / "base.duckdb"
    with duckdb.connect(str(part)) as con:
        con.execute("create schema marts")
        con.execute(
            "create table marts.rpt_lead_queue as select 'L1' as lead_id, 2::bigint as queue_rank, '' as reason_rule_keys"
        )
    with compare(Side(part, whole), Side(whole)) as comparison:
        totals = comparison.row("totals")
        assert (totals["queue_rank"], totals["band"], totals["moved"]) == (1, 0, 0)
    with pytest.raises(NotComparableError, match="has no mart dim_leads"), compare(Side(part), Side(whole)):
        pass
