"""A house with a small serving file: the marts that a notification reads, words and channels from the default rules."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import duckdb

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
FIRST = date(2026, 11, 16)  # a Monday
DAY = timedelta(days=1)

LABELS = ("rule_id", "valid_from", "status", "label_zh", "label_en", "owner", "why", "reference")
TABLES = {
    "published_day_ends": "as_of_date date, as_of_at timestamp, known_until_at timestamp, business_timezone varchar, is_current boolean, is_provisional boolean, git_commit varchar, code_hash varchar, ruleset_hash varchar, deliveries bigint, checks bigint, fingerprint varchar",
    "dim_terms": "vocabulary varchar, code varchar, label_zh varchar, label_en varchar",
    "dim_rules": "rule_key varchar, rule_id varchar, layer varchar, rule_file varchar, valid_from date, valid_to date, status varchar, label_zh varchar, label_en varchar, owner varchar, why varchar, reference varchar, payload varchar",
    "dim_dates": "date_day date, is_business_day boolean",
    "dim_leads": "lead_id varchar, person_name varchar, company_name varchar, owner_name varchar",
    "fct_lead_scores": "lead_id varchar, score bigint, band varchar",
    "dim_reps": "rep_id varchar, rep_name varchar",
    "fct_alerts": "alert_id varchar, alert_kind varchar, subject_kind varchar, subject_key varchar, rule_key varchar, severity varchar, lead_id varchar, owner_ref varchar, notify_role varchar, opened_on date, reopened_on date, last_seen_on date, closed_on date, state varchar, points_milli bigint, cause varchar, evidence varchar, handling_state varchar, acknowledge_due_at timestamp, escalated_to varchar, muted_until_at timestamp",
}
LEADS = [
    ("L1", "王伟", "苏州启航精密机械有限公司", "李娜", 81, "A"),
    ("L2", "欧阳静", "宁波电子科技有限公司", "赵敏", 52, "B"),
    ("L3", None, None, None, 30, "C"),
    ("L4", "@all <b>买</b>\n编号 000", "[点这里](http://evil.example)", "赵敏", 40, "C"),
]


def alert(
    lead: str = "L1",
    kind: str = "score_plunge",
    opened: date = FIRST,
    severity: str = "warning",
    closed: date | None = None,
    seen: date | None = None,
    role: str = "owner",
    reopened: date | None = None,
    overdue: str | None = None,
    muted_until: datetime | None = None,
    subject: str = "lead",
) -> dict[str, Any]:
    """One row of fct_alerts; open, and seen on the day of the house, unless it says otherwise."""
    return {
        "alert_id": f"{kind}|{lead}|{opened}",
        "alert_kind": kind,
        "rule_key": {"critical": "ANO-002", "warning": "ANO-001", "info": "ANO-004"}[severity] + "@2000-01-01",
        "severity": severity,
        "subject_kind": subject,
        "subject_key": lead,
        "lead_id": lead if subject == "lead" else None,
        "reopened_on": reopened,
        "handling_state": "overdue" if overdue else "waiting",
        "acknowledge_due_at": datetime.combine((reopened or opened) + 2 * DAY, time(10)) if overdue else None,
        "escalated_to": overdue,
        "muted_until_at": muted_until,
        "owner_ref": "R-01",
        "notify_role": role,
        "opened_on": opened,
        "last_seen_on": seen or (closed - DAY if closed else None),
        "closed_on": closed,
        "state": "closed" if closed else "open",
        "points_milli": -16_250 if kind == "score_plunge" else None,
        "cause": "behaviour",
        "evidence": "{}",
    }


def publish(
    home: Path,
    day: date,
    alerts: Iterable[dict[str, Any]],
    channels: dict[str, dict[str, Any]] | None = None,
    days_off: Iterable[date] = (),
) -> Path:
    """Write the serving file of a day-end, as a publication would leave it.

    Args:
        home: LEADHOUSE_HOME.
        day: the day-end.
        alerts: rows of fct_alerts.
        channels: cells of rule_anomaly__notifications that differ from the default rows, by rule id.
        days_off: days that are no workdays.
    """
    target = home / "serving" / "leadhouse.duckdb"
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name("leadhouse.duckdb.next")
    new.unlink(missing_ok=True)
    con = duckdb.connect(str(new))
    con.execute("create schema marts")
    for table, columns in TABLES.items():
        con.execute(f"create table marts.{table} ({columns})")
    con.execute(
        "insert into marts.published_day_ends values (?, ?, ?, 'Asia/Shanghai', true, false, 'c', 'h', 'r', 1, 1, 'f')",
        [day, f"{day} 16:00:00", f"{day} 22:00:00"],
    )
    con.execute(
        f"insert into marts.dim_terms select * from read_csv('{SEEDS}/vocabulary/vocabulary_terms.csv', all_varchar = true)"
    )
    _insert(con, "dim_rules", _rules(channels or {}))
    _insert(con, "dim_dates", [(FIRST + n * DAY, (FIRST + n * DAY) not in set(days_off)) for n in range(60)])
    _insert(con, "dim_leads", [lead[:4] for lead in LEADS])
    _insert(con, "fct_lead_scores", [(lead[0], *lead[4:]) for lead in LEADS])
    columns = [column.split()[0] for column in TABLES["fct_alerts"].split(", ")]
    rows = [{**row, "last_seen_on": row["last_seen_on"] or day} for row in alerts]
    _insert(con, "fct_alerts", [tuple(row[column] for column in columns) for row in rows])
    con.close()
    new.replace(target)
    return target


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
    rows = list(rows)
    if rows:
        marks = ", ".join(f"({', '.join('?' for _ in row)})" for row in rows)
        con.execute(f"insert into marts.{table} values {marks}", [value for row in rows for value in row])


def _rules(changes: dict[str, dict[str, Any]]) -> Iterable[tuple[Any, ...]]:
    for file in ("rule_anomaly__policies", "rule_anomaly__notifications"):
        with (SEEDS / "rules" / "anomaly" / f"{file}.csv").open(encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                row |= changes.get(row["rule_id"], {}) if file.endswith("notifications") else {}
                payload = {name: _cell(name, value) for name, value in row.items() if name not in LABELS}
                yield (
                    f"{row['rule_id']}@{row['valid_from']}", row["rule_id"], "anomaly", file, row["valid_from"], "9999-12-31", row["status"],
                    row["label_zh"], row["label_en"], row["owner"], row["why"], row["reference"],
                    json.dumps(payload, ensure_ascii=False),
                )


def _cell(name: str, value: Any) -> Any:
    numbers = ("holds_on_days_off", "max_alerts", "max_bytes", "retries", "retry_wait_seconds")
    return int(value) if name in numbers else value or None
