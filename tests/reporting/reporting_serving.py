"""A small serving file with the columns of the marts that the report reads: 48 leads, eight day-ends, planted traps.

The traps: a lead whose name is markup and whose company is a formula, two people of one name, a B2C lead, a merged
lead with a former id, a student without a place in the queue.
"""

from __future__ import annotations

import csv
import json
import random
from datetime import date, datetime, timedelta
from hashlib import md5
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

AS_OF = date(2026, 6, 30)
AS_OF_AT = datetime(2026, 6, 30, 16, 0)  # the end of the day in Shanghai
DAY = timedelta(days=1)
WEIGHTS = {"fit": (35, 100), "engagement": (35, 300), "need": (30, 100)}

MARKUP_NAME = "<script>alert(1)</script>"
FORMULA_COMPANY = "=cmd()|'/c calc'!A0"

TABLES = {
    "published_day_ends": "as_of_date date, as_of_at timestamp, known_until_at timestamp, business_timezone varchar, is_current boolean, is_provisional boolean, git_commit varchar, code_hash varchar, ruleset_hash varchar, deliveries bigint, checks bigint, fingerprint varchar",
    "dim_terms": "vocabulary varchar, code varchar, label_zh varchar, label_en varchar",
    "dim_rules": "rule_key varchar, rule_id varchar, layer varchar, rule_file varchar, valid_from date, valid_to date, status varchar, label_zh varchar, label_en varchar, owner varchar, why varchar, reference varchar, payload varchar",
    "dim_leads": "lead_id varchar, as_of_date date, person_name varchar, company_name varchar, job_title varchar, department varchar, email varchar, mobile varchar, account_id varchar, country varchar, province varchar, city varchar, region varchar, industry varchar, company_size varchar, segment varchar, scope varchar, job_level varchar, department_tag varchar, decision_role varchar, source_channel varchar, campaign_ref varchar, owner_ref varchar, owner_name varchar, crm_status varchar, lifecycle_status varchar, lifecycle_rule_key varchar, is_excluded boolean, exclusion_tags varchar, record_count bigint, created_at timestamp, first_known_on date, last_activity_on date, first_touch_at timestamp, touches bigint",
    "dim_lead_aliases": "former_lead_id varchar, lead_id varchar, feed varchar, record_key varchar, first_known_on date",
    "dim_content": "content_id varchar, title varchar",
    "fct_touchpoints": "touch_key varchar, lead_id varchar, subject_key varchar, occurred_at timestamp, occurred_on date, known_on date, channel varchar, touch_type varchar, qualifier varchar, measure_value bigint, initiative varchar, is_automatic boolean, content_ref varchar, campaign_ref varchar, rep_ref varchar, stitched_on date, feed varchar, record_key varchar, delivery_id varchar",
    "fct_record_verdicts": "feed varchar, record_key varchar, delivery_id varchar, delivery_row bigint, known_on date, attribute varchar, rule_key varchar, rule_id varchar, verdict varchar, value_text varchar, is_in_force boolean",
    "fct_lead_tags": "lead_id varchar, tag_group varchar, tag varchar, rule_key varchar, value_text varchar",
    "fct_lead_scores": "lead_id varchar, as_of_date date, segment varchar, scope varchar, score bigint, score_milli bigint, band varchar, fit_milli bigint, fit_band varchar, engagement_milli bigint, engagement_band varchar, need_milli bigint, bant_band varchar, score_min_milli bigint, score_max_milli bigint, unknown_tag_groups varchar, score_change_1d_milli bigint, score_change_7d_milli bigint, maturity_level varchar, maturity_milli bigint, need_clarity_milli bigint, purchase_intent_milli bigint, product_match_milli bigint, decision_position_milli bigint, level_since_on date, decision_stage varchar, stage_since_on date, conversion_stage varchar, conversion_stage_since_on date, conversion_rule_key varchar, days_in_level bigint, days_in_decision_stage bigint, days_in_conversion_stage bigint, last_activity_on date",
    "fct_score_contributions": "lead_id varchar, as_of_date date, dimension varchar, kind varchar, rule_id varchar, rule_key varchar, touches bigint, points_milli bigint, score_share_milli bigint, last_occurred_on date",
    "fct_score_changes": "as_of_date date, lead_id varchar, before_milli bigint, new_milli bigint, identity_milli bigint, rule_milli bigint, attribute_milli bigint, late_data_milli bigint, decay_milli bigint, inactivity_milli bigint, behaviour_milli bigint, after_milli bigint, before_score bigint, after_score bigint, before_band varchar, after_band varchar, before_level varchar, after_level varchar, has_ended boolean",
    "fct_status_transitions": "as_of_date date, lead_id varchar, transition_on date, from_status varchar, to_status varchar, cause varchar, owner_side varchar, rule_key varchar, turned_rule_key varchar, left_on date, left_for varchar, left_cause varchar, days_in_status bigint, is_current boolean, has_ended boolean",
    "rpt_lead_queue": "owner_ref varchar, owner_name varchar, queue_rank bigint, overall_rank bigint, lead_id varchar, person_name varchar, company_name varchar, band varchar, score bigint, maturity_level varchar, decision_stage varchar, tier bigint, tier_rule_key varchar, priority_milli bigint, reason_rule_keys varchar, sla_state varchar, sla_due_at timestamp, last_activity_on date",
    "rpt_quality_daily": "as_of_date date, band varchar, source_channel varchar, industry varchar, scope varchar, leads bigint, new_leads bigint, score_milli_sum bigint, mqls bigint, high_maturity bigint",
    "rpt_ingest_balance": "as_of_date date, delivery_id varchar, connection varchar, feed varchar, file_name varchar, known_at timestamp, status varchar, records bigint, accepted bigint, unchanged bigint, duplicate bigint, merged bigint, quarantined bigint, rejected bigint, difference bigint",
    "fct_response_clocks": "clock_key varchar, clock varchar, rule_key varchar, lead_id varchar, touch_key varchar, rep_ref varchar, started_at timestamp, due_at timestamp, stopped_at timestamp, stopped_by_touch_key varchar, state varchar, budget_business_seconds bigint, elapsed_business_seconds bigint, segment varchar, channel varchar",
    "fct_alerts": "alert_id varchar, alert_kind varchar, rule_key varchar, severity varchar, lead_id varchar, opened_on date, last_seen_on date, closed_on date, state varchar, points_milli bigint, cause varchar, evidence varchar, notify_role varchar, owner_ref varchar",
}

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"
LABELS = ("rule_id", "valid_from", "status", "label_zh", "label_en", "owner", "why", "reference")
BANDS = (("A", 65), ("B", 45), ("C", 25), ("D", 0))

SURNAMES = "王李张刘杨黄赵周吴徐孙马朱胡林郭何高罗郑"
GIVEN = ("伟", "芳", "秀英", "敏", "静", "磊", "洋", "艳", "勇", "杰", "娟", "涛", "明", "超", "丽")
PLACES = ("苏州", "宁波", "杭州", "深圳", "成都", "武汉", "重庆", "青岛", "无锡", "东莞")
TRADES = (("精密机械", "gb_c"), ("电子科技", "gb_c"), ("软件", "gb_i"), ("药业", "gb_c27"), ("金融服务", "gb_j"), ("贸易", None))
CHANNELS = ("website", "paid_search", "wechat", "webinar", "trade_fair", "referral", None)
STATUSES = ("captured", "valid", "valid", "engaged", "engaged", "engaged", "mql", "mql", "sal", "sql", "opportunity", "customer", "recycled")
FEEDS = (
    ("web_events", 18_400), ("crm_leads", 2200), ("form_submissions", 640), ("sales_activities", 910), ("sales_feedback", 120),
    ("crm_opportunities", 85),
)
REPS = (("rep-01", "王敏"), ("rep-02", "李强"), (None, None))


def build_serving(path: Path, *, leads: int = 48) -> Path:
    """Write the serving file and return its path."""
    path.unlink(missing_ok=True)
    rows = _rows(leads)
    con = duckdb.connect(str(path))
    con.execute("create schema marts")
    for table, columns in TABLES.items():
        con.execute(f"create table marts.{table} ({columns})")
        names = [column.strip().split()[0] for column in columns.split(",")]
        if rows[table]:
            values = pa.table({name: [row.get(name) for row in rows[table]] for name in names})
            con.register("filled", values)
            con.execute(f"insert into marts.{table} select * from filled")
            con.unregister("filled")
    con.close()
    return path


def rule_key(rule_id: str) -> str:
    return f"{rule_id}@2000-01-01"


def _rows(leads: int) -> dict[str, list[dict[str, Any]]]:
    rows: dict[str, list[dict[str, Any]]] = {table: [] for table in TABLES}
    rows["published_day_ends"] = [
        {
            "as_of_date": AS_OF - back * DAY, "as_of_at": AS_OF_AT - back * DAY,
            "known_until_at": AS_OF_AT - back * DAY + timedelta(hours=6), "is_provisional": False,
            "ruleset_hash": "5d41402abc4b2a76b9719d911017c592", "git_commit": "86e9002f", "fingerprint": "2000:819d24c1f09e",
            "business_timezone": "Asia/Shanghai", "is_current": back == 0, "code_hash": "c0ffee", "deliveries": 12, "checks": 300,
        }
        for back in range(8)
    ]
    rows["dim_terms"] = _terms()
    rows["dim_rules"] = _rules()
    points = {r["rule_id"]: int(json.loads(r["payload"]).get("points", 0)) for r in rows["dim_rules"]}
    chance = random.Random(7)
    for number in range(1, leads + 1):
        _lead(rows, number, points, chance)
    rows["dim_content"] = [{"content_id": "C-7", "title": "精密制造客户案例集"}]
    _queue(rows)
    _daily(rows)
    _balance(rows, chance)
    return rows


def _terms() -> list[dict[str, Any]]:
    with (SEEDS / "vocabulary" / "vocabulary_terms.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _rules() -> list[dict[str, Any]]:
    rows = []
    for path in sorted((SEEDS / "rules").rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                payload = {name: value for name, value in row.items() if name not in LABELS and value}
                kept = {name: row.get(name) or None for name in LABELS}
                rows.append({**kept, "rule_key": f"{row['rule_id']}@{row['valid_from']}", "layer": path.parent.name,
                             "rule_file": path.stem, "valid_to": "9999-12-31", "payload": json.dumps(payload)})
    return rows


def contributions(lead_id: str, hits: list[tuple[str, int, int]], points: dict[str, int]) -> list[dict[str, Any]]:
    """Contribution rows from (rule, touches, days ago) as the scoring layer writes them: shares in whole thousandths."""
    rows: list[dict[str, Any]] = []

    def add(dimension: str, kind: str, rule_id: str | None, milli: int, share: int, touches: int | None, last: date | None) -> None:
        rows.append({"lead_id": lead_id, "as_of_date": AS_OF, "dimension": dimension, "kind": kind, "rule_id": rule_id or dimension,
                     "rule_key": rule_key(rule_id) if rule_id else None, "touches": touches, "points_milli": milli,
                     "score_share_milli": share, "last_occurred_on": last})

    for dimension, (weight, full) in WEIGHTS.items():
        prefix = {"fit": "FIT", "engagement": "ENG", "need": "NED"}[dimension]
        total = shares = 0
        for rule_id, touches, ago in hits:
            if not rule_id.startswith(prefix):
                continue
            milli = points[rule_id] * 1000 * max(touches, 1)
            last = AS_OF - ago * DAY if touches else None
            add(dimension, "points", rule_id, milli, milli * weight // full, touches or None, last)
            total, shares = total + milli, shares + milli * weight // full
            if touches > 2 and milli > 0:
                over = -points[rule_id] * 1000 * (touches - 2)
                add(dimension, "rule_cap", rule_id, over, over * weight // full, None, last)
                total, shares = total + over, shares + over * weight // full
        both = {"FIT-041", "FIT-043"} <= {rule_id for rule_id, _, _ in hits}
        if dimension == "fit" and both:  # two regions, and the cap of their group is one
            add(dimension, "group_cap", None, -6_000, -6_000 * weight // full, None, None)
            rows[-1]["rule_id"] = "region"
            total, shares = total - 6_000, shares - 6_000 * weight // full
        held = min(max(total, 0), full * 1000)
        if held != total:
            share = (held - total) * weight // full
            add(dimension, "clamp", None, held - total, share, None, None)
            shares += share
        exact = (2 * held * weight + full) // (2 * full)
        if exact != shares:
            add(dimension, "rounding", None, 0, exact - shares, None, None)
    return rows


def _lead(rows: dict[str, list[dict[str, Any]]], number: int, points: dict[str, int], chance: random.Random) -> None:
    lead_id = f"L{number:06d}"
    place, (trade, industry) = chance.choice(PLACES), chance.choice(TRADES)
    person = chance.choice(SURNAMES) + chance.choice(GIVEN)
    company, title = f"{place}{chance.choice('衡启海蓝云长北')}{chance.choice('川航纳湾栈江辰')}{trade}有限公司", chance.choice(("市场总监", "采购经理", "信息中心主任", "副总经理"))
    status, channel, (owner_ref, owner_name) = chance.choice(STATUSES), chance.choice(CHANNELS), chance.choice(REPS)
    hits = [(rule, 0, 0) for rule in ("FIT-002", "FIT-011", "FIT-041", "FIT-043", "FIT-131", "NED-014") if chance.random() < 0.55]
    hits += [
        (rule, chance.choice((1, 1, 2, 4)), chance.randint(0, 40))
        for rule in ("ENG-006", "ENG-028", "ENG-054", "ENG-055", "ENG-019", "NED-023", "NED-031", "NED-041", "NED-021")
        if chance.random() < 0.42
    ]
    scope, excluded, change = "b2b", None, chance.choice((0, 0, 1, -1, None)) and chance.randint(-18_000, 18_000)
    if number == 1:  # fit 76, engagement 165 of 300, need 96: .35 × 76 + .35 × 55 + .30 × 96 = 74.65
        person, company, title, industry, status, channel = "陈立", "苏州衡川精密机械有限公司", "市场总监", "gb_c", "sql", "webinar"
        owner_ref, owner_name = "rep-01", "王敏"
        hits = [(rule, 0, 0) for rule in ("FIT-002", "FIT-011", "FIT-041", "FIT-053", "FIT-064", "FIT-131", "FIT-111", "FIT-093")]
        hits += [(rule, 1, 1) for rule in ("ENG-054", "ENG-055", "ENG-028", "ENG-023", "ENG-006", "ENG-019", "ENG-070")]
        hits += [(rule, 0, 0) for rule in ("ENG-103", "ENG-104", "NED-012")]
        hits += [(rule, 1, 1) for rule in ("NED-041", "NED-025", "NED-031", "NED-023", "NED-047")]
        change = 17_917
    elif number == 2:
        person, company, title, status, excluded = "孙悦", "某大学", "研究生", "captured", "student_or_job_seeker"
        hits = [("FIT-122", 0, 0), ("ENG-028", 4, 3), ("ENG-055", 4, 2), ("ENG-054", 4, 2)]
    elif number == 3:
        person, company, title, owner_ref, owner_name, status = MARKUP_NAME, FORMULA_COMPANY, "[red]采购[/red]", None, None, "mql"
        hits = [("FIT-002", 0, 0), ("FIT-011", 0, 0), ("FIT-131", 0, 0), ("ENG-019", 2, 0), ("NED-041", 1, 0), ("NED-031", 1, 0), ("NED-023", 1, 0)]
    elif number == 4:
        person, company, change = "刘建国", "重庆北辰药业有限公司", -31_400
        hits = [("FIT-002", 0, 0), ("FIT-131", 0, 0), ("ENG-042", 1, 2), ("ENG-019", 1, 20), ("NED-023", 1, 30)]
    elif number in (5, 6):
        person, company = "赵敏", "宁波启航电子有限公司" if number == 5 else "成都天府装备集团"
    elif number == 7:
        person, company, scope = "田甜", None, "b2c"
    parts = contributions(lead_id, hits, points)
    milli = sum(part["score_share_milli"] for part in parts)
    score = (milli + 500) // 1000
    band = next(band for band, lower in BANDS if score >= lower)
    level = "high" if milli > 55_000 else "medium" if milli > 30_000 else "low"
    stage = {"high": "purchase_decision", "medium": "solution_evaluation", "low": "information_search"}[level]
    last = min((part["last_occurred_on"] for part in parts if part["last_occurred_on"]), default=None)
    created = AS_OF_AT - chance.randint(1, 300) * DAY
    low, high = milli - milli % 3_000, min(milli + (5_600 if number % 3 else 0), 100_000)
    segment = "b2c" if scope == "b2c" else "default"
    rows["fct_score_contributions"] += parts
    rows["dim_leads"].append({
        "lead_id": lead_id, "as_of_date": AS_OF, "person_name": person, "company_name": company, "job_title": title,
        "email": f"lead{number}@example.cn", "mobile": f"+86138{number:08d}", "country": "中国", "city": place,
        "region": "east_china", "industry": industry, "company_size": "medium", "segment": segment, "scope": scope,
        "decision_role": "influencer", "source_channel": channel, "owner_ref": owner_ref, "owner_name": owner_name,
        "lifecycle_status": status, "lifecycle_rule_key": rule_key("LFC-016") if status == "mql" else None, "is_excluded": bool(excluded), "exclusion_tags": excluded, "record_count": 1 + number % 3,
        "created_at": created, "first_known_on": created.date(), "last_activity_on": last, "first_touch_at": created,
        "touches": sum(part["touches"] or 0 for part in parts),
    })
    rows["fct_lead_scores"].append({
        "lead_id": lead_id, "as_of_date": AS_OF, "segment": segment, "scope": scope, "score": score, "score_milli": milli,
        "band": band, "fit_milli": 60_000, "engagement_milli": 40_000, "need_milli": 50_000, "score_min_milli": low if number % 3 else milli,
        "score_max_milli": high, "unknown_tag_groups": "budget_range|decision_process" if high > milli else None, "score_change_1d_milli": 0, "score_change_7d_milli": change, "maturity_level": level,
        "maturity_milli": milli, "need_clarity_milli": 40_000, "purchase_intent_milli": 55_000, "product_match_milli": 60_000,
        "decision_position_milli": 25_000, "level_since_on": AS_OF - 9 * DAY, "decision_stage": stage,
        "stage_since_on": AS_OF - (number % 50) * DAY, "conversion_stage": "active_engagement",
        "conversion_stage_since_on": AS_OF - 12 * DAY, "conversion_rule_key": rule_key("CST-003"), "days_in_level": 9,
        "days_in_decision_stage": number % 50, "days_in_conversion_stage": 12, "last_activity_on": last,
    })
    rows["fct_status_transitions"] += [
        {"as_of_date": AS_OF - 5 * DAY, "lead_id": lead_id, "transition_on": AS_OF - 5 * DAY, "to_status": "valid", "cause": "opening",
         "left_on": AS_OF - 3 * DAY, "days_in_status": 2, "is_current": False, "has_ended": False},
        {"as_of_date": AS_OF - 3 * DAY, "lead_id": lead_id, "transition_on": AS_OF - 3 * DAY, "from_status": "valid", "to_status": status,
         "cause": "score", "days_in_status": 3, "is_current": True, "has_ended": False},
    ]
    if excluded:
        rows["fct_lead_tags"].append({"lead_id": lead_id, "tag_group": "exclusion", "tag": excluded, "value_text": title})
    for former, feed, key in ((lead_id, "crm_leads", f"demo_crm:CRM-{number}"), (f"L9{number:05d}", "form_submissions", f"F-{number}")):
        rows["dim_lead_aliases"].append(
            {"former_lead_id": former, "lead_id": lead_id, "feed": feed, "record_key": key, "first_known_on": created.date()}
        )
    _touches(rows, number, lead_id, owner_ref)


def _touches(rows: dict[str, list[dict[str, Any]]], number: int, lead_id: str, owner_ref: str | None) -> None:
    story = [
        (26, "webinar", "registered", None, "customer"), (25, "webinar", "attended_live", None, "customer"),
        (3, "content", "download", None, "customer"), (2, "website", "page_view", "pricing", "customer"),
        (1, "form", "form_submit", "demo_request", "customer"), (0, "call", "connected", None, "ours"),
    ]
    for step, (ago, channel, touch_type, qualifier, initiative) in enumerate(story[: 2 + number % 5]):
        at = AS_OF_AT - ago * DAY - timedelta(hours=13 - step)
        rows["fct_touchpoints"].append({
            "touch_key": f"web_events|{number}-{step}", "lead_id": lead_id, "subject_key": f"openid|gh_demo:{md5(f'wx-{number}'.encode()).hexdigest()[:12]}",
            "occurred_at": at, "occurred_on": at.date(), "known_on": at.date(), "channel": channel, "touch_type": touch_type,
            "qualifier": qualifier, "content_ref": "C-7" if touch_type == "download" else None, "initiative": initiative, "is_automatic": False, "feed": "web_events", "record_key": f"{number}-{step}",
        })
    if number % 3 == 1:
        state = ("met", "breached", "due_soon", "met", "running")[number % 5]
        started = AS_OF_AT - timedelta(days=number % 40, hours=9)
        rows["fct_response_clocks"].append({
            "clock_key": f"c{number}", "clock": "first_response", "rule_key": rule_key("SLA-001" if number % 2 else "SLA-002"),
            "lead_id": lead_id, "rep_ref": owner_ref, "started_at": started, "due_at": started + timedelta(minutes=30), "state": state,
            "stopped_at": started + timedelta(minutes=22) if state == "met" else None, "budget_business_seconds": 1800,
            "elapsed_business_seconds": 1320, "segment": "default", "channel": "form",
        })
    if number == 4:
        still = {f"{cause}_milli": 0 for cause in ("new", "identity", "rule", "attribute", "late_data", "decay", "inactivity", "behaviour")}
        for back, before, after, moves, bands in (
            (20, None, 40_000, {"new_milli": 40_000}, (None, "C")), (12, 40_000, 81_400, {"behaviour_milli": 41_500, "decay_milli": -100}, ("C", "A")),
            (4, 81_000, 49_600, {"inactivity_milli": -31_000, "decay_milli": -400}, ("A", "B")),
        ):
            rows["fct_score_changes"].append({
                **still, **moves, "as_of_date": AS_OF - back * DAY, "lead_id": lead_id, "before_milli": before, "after_milli": after,
                "before_band": bands[0], "after_band": bands[1], "has_ended": False,
            })
    if number in (4, 8, 9):
        plunge = number == 4
        rows["fct_alerts"].append({
            "alert_id": f"a{number}", "alert_kind": "score_plunge" if plunge else "stagnation",
            "rule_key": rule_key("ANO-001" if plunge else "ANO-004"), "severity": "critical" if plunge else "warning",
            "lead_id": lead_id, "opened_on": AS_OF - number * DAY, "last_seen_on": AS_OF,
            "closed_on": AS_OF if number == 9 else None, "state": "closed" if number == 9 else "open",
            "points_milli": -31_400 if plunge else None, "cause": "behaviour" if plunge else "inactivity",
            "evidence": json.dumps({"score_before_milli": 81_000, "change_milli": -31_400, "rules": [{"rule_key": rule_key("ENG-042"), "cause": "behaviour", "change_milli": -2_917}]} if plunge
                                   else {"decision_stage": "solution_evaluation", "stage_since_on": "2026-04-21", "days_in_stage": 70, "silent_days": 44, "limit_days": 30, "rules": [rule_key("STG-103")]}),
            "notify_role": "owner" if plunge else "sales_manager", "owner_ref": owner_ref,
        })


def _queue(rows: dict[str, list[dict[str, Any]]]) -> None:
    scores = {row["lead_id"]: row for row in rows["fct_lead_scores"]}
    queued = [
        row for row in rows["dim_leads"]
        if not row["is_excluded"] and row["lifecycle_status"] not in ("customer", "disqualified")
    ]
    queued.sort(key=lambda row: (-scores[row["lead_id"]]["score_milli"], row["lead_id"]))
    ranks: dict[str, int] = {}
    for rank, lead in enumerate(queued, 1):
        owner, score = lead["owner_ref"] or "(none)", scores[lead["lead_id"]]
        ranks[owner] = ranks.get(owner, 0) + 1
        high = score["maturity_level"] == "high"
        rows["rpt_lead_queue"].append({
            "owner_ref": owner, "owner_name": lead["owner_name"], "queue_rank": ranks[owner], "overall_rank": rank,
            "lead_id": lead["lead_id"], "person_name": lead["person_name"], "company_name": lead["company_name"],
            "band": score["band"], "score": score["score"], "maturity_level": score["maturity_level"],
            "decision_stage": score["decision_stage"], "tier": 60 if high else 40,
            "tier_rule_key": rule_key("PRI-006" if high else "PRI-007"), "priority_milli": score["score_milli"] + 10_000,
            "reason_rule_keys": f"{rule_key('PRI-006' if high else 'PRI-007')}|{rule_key('PRI-011')}|{rule_key('PRI-015')}",
            "sla_state": "due_soon" if rank == 1 else None, "sla_due_at": AS_OF_AT if rank == 1 else None,
            "last_activity_on": score["last_activity_on"],
        })


def _daily(rows: dict[str, list[dict[str, Any]]]) -> None:
    scores = {row["lead_id"]: row for row in rows["fct_lead_scores"]}
    for back in range(7, -1, -1):
        day = AS_OF - back * DAY
        cells: dict[tuple[Any, ...], dict[str, int]] = {}
        for number, lead in enumerate(rows["dim_leads"]):
            if number >= len(rows["dim_leads"]) - back:
                continue
            score = scores[lead["lead_id"]]
            key = (score["band"], lead["source_channel"], lead["industry"], lead["scope"])
            cell = cells.setdefault(key, {"leads": 0, "new_leads": 0, "score_milli_sum": 0, "mqls": 0, "high_maturity": 0})
            cell["leads"] += 1
            cell["new_leads"] += int(back < 7 and number == len(rows["dim_leads"]) - back - 1)
            cell["score_milli_sum"] += score["score_milli"] - 137 * back
            cell["mqls"] += lead["lifecycle_status"] in ("mql", "sal", "sql", "opportunity", "customer")
            cell["high_maturity"] += score["maturity_level"] == "high"
        for (band, channel, industry, scope), cell in cells.items():
            rows["rpt_quality_daily"].append({"as_of_date": day, "band": band, "source_channel": channel, "industry": industry, "scope": scope, **cell})


def _balance(rows: dict[str, list[dict[str, Any]]], chance: random.Random) -> None:
    for back in (7, 0):
        for feed, records in FEEDS if rows["dim_leads"] else FEEDS[:1]:
            held, refused, twice, merged = records // 60, records // 90, records // 40, records // 11 if feed == "crm_leads" else 0
            rows["rpt_ingest_balance"].append({
                "as_of_date": AS_OF - back * DAY, "delivery_id": f"{feed}-1", "connection": "demo", "feed": feed, "file_name": f"{feed}.csv",
                "known_at": AS_OF_AT, "status": "read", "records": records - back, "accepted": records - back - held - refused - twice - merged,
                "unchanged": 0, "duplicate": twice, "merged": merged, "quarantined": held, "rejected": refused, "difference": 0,
            })
    for rule_id, attribute, value, verdict, hits in (
        ("CLN-005", "email", "wang@@qq", "flag", 31), ("CLN-011", "mobile", "1380000", "flag", 18), ("CLN-004", "person_name", "=cmd()", "quarantine", 12)
    ):
        for number in range(hits):
            rows["fct_record_verdicts"].append({
                "feed": "crm_leads", "record_key": f"{rule_id}-{number}", "delivery_id": "crm_leads-1", "delivery_row": chance.randint(2, 2000),
                "known_on": AS_OF, "attribute": attribute, "rule_key": rule_key(rule_id), "rule_id": rule_id, "verdict": verdict,
                "value_text": value, "is_in_force": True,
            })
