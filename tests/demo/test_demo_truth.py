"""What the truth says was planted lies where it says, and the rules that it names exist."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import duckdb
import python_calamine

ROOT = Path(__file__).resolve().parents[2]
KINDS = {
    "absurd_headcount", "absurd_value", "auto_reply", "blank_required", "competitor", "control_characters", "country_code", "crawler",
    "deleted_in_crm", "disposable_mail", "emoji_name", "excel_serial_date", "formula", "fullwidth_digits", "fullwidth_email", "future_date",
    "future_event", "headcount_in_words", "html_text", "hub_mailbox", "hub_mobile", "impossible_mobile", "invalid_email", "late_data",
    "mail_scanner", "malformed_phone", "merged_in_crm", "missing_parent", "modified_before_created", "namesake_colleague", "null_words", "own_employee",
    "phone_extension", "placeholder_person", "placeholder_phone", "province_spelling", "repeated_event", "repeated_file", "reverted_value",
    "role_mailbox", "share_loop", "shared_switchboard", "spam_form", "traditional_chinese", "truncated_line", "twin_by_email",
    "twin_by_mobile", "twin_by_wecom", "twin_desk_phone", "twin_name_company", "twin_typo_email", "twin_typo_mobile", "unknown_word", "unparsable_date", "unreachable",
}  # fmt: skip


def cells(path: Path) -> list[list]:
    """All rows of a delivered file below its header, cells as text."""
    if path.suffix == ".parquet":
        return duckdb.execute(f"select * from read_parquet('{path}')").fetchall()
    if path.suffix == ".jsonl":
        return duckdb.execute(f"select * from read_json('{path}', format = 'newline_delimited')").fetchall()
    if path.suffix == ".xlsx":
        rows = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        return rows[2 if rows[0][1] == "" else 1 :]
    encoding = "gb18030" if path.parent.name == "wukong" else "utf-8-sig"
    delimiter = "\t" if path.suffix == ".tsv" else ";" if path.parent.name == "website_en" else ","
    with path.open(encoding=encoding, newline="") as source:
        return list(csv.reader(source, delimiter=delimiter))[1:]


def test_every_kind_of_dirt_is_planted(company):
    assert set(company.summary.planted) == KINDS


def test_planted_records_lie_in_the_named_file_and_row(company):
    wanted = defaultdict(list)
    for plant in company.truth("planted"):
        assert plant["file_name"], plant
        if plant["delivery_row"]:
            wanted[plant["file_name"]].append(plant)
    by_name = {path.name: path for path in company.summary.landing.rglob("*") if path.is_file()}
    missing = []
    for name, plants in wanted.items():
        rows = cells(by_name[name])
        for plant in plants:
            row = [str(cell) for cell in rows[int(plant["delivery_row"]) - 1]]
            record = plant["record_key"].split(":", 1)[1]
            if record not in row[:2] and not (plant["defect_kind"] == "truncated_line" and record.startswith(row[0])):
                missing.append((plant["defect_kind"], name, plant["delivery_row"], record, row[:2]))
    assert missing == []


def test_planted_values_are_in_the_row(company):
    """Where the truth says what was written, the last CRM export shows it."""
    last = company.rows("select * from read_csv('{landing}/crm/crm_leads_2026-11-21_0530.csv', all_varchar = true)")
    shown = {row[0]: set(row) for row in last}
    odd = [
        plant["record_key"]
        for plant in company.truth("planted")
        if plant["feed"] == "crm_leads" and plant["planted_value"] and plant["expected"] in ("flag", "quarantine", "normalised")
        and plant["planted_value"] not in shown[plant["record_key"].removeprefix("crm:")]
    ]  # fmt: skip
    assert odd == []


def test_named_rules_exist(company):
    known = set()
    for path in (ROOT / "seeds" / "rules").rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as source:
            known |= {row["rule_id"] for row in csv.DictReader(source)}
    named = {plant["rule_id"] for plant in company.truth("planted")} - {"", "ingest"}
    named |= {row["rule_id"] for row in company.truth("same_people")} - {""}
    assert named <= known
    assert len(named) >= 30


def test_a_file_comes_twice_and_a_line_is_cut(company):
    notes = {row["note"]: row for row in company.truth("files") if row["note"]}
    (again,) = (row for note, row in notes.items() if note.startswith("same bytes as"))
    first = company.summary.landing / "wechat" / again["note"].removeprefix("same bytes as ")
    assert (company.summary.landing / "wechat" / again["file_name"]).read_bytes() == first.read_bytes()
    cut = notes["a line is cut"]
    lines = (company.summary.landing / "mailer" / cut["file_name"]).read_text(encoding="utf-8").splitlines()
    broken = [number for number, line in enumerate(lines) if line.count("\t") < lines[0].count("\t")]
    assert broken == [int(cut["records"]) // 2]


def test_a_deleted_record_is_gone_and_a_reverted_value_is_back(company):
    def leads(day: str) -> dict[str, str]:
        return dict(
            company.rows(f"select \"线索编号\", \"职位\" from read_csv('{{landing}}/crm/crm_leads_{day}_0530.csv', all_varchar = true)")
        )

    before, between, after = leads("2026-11-14"), leads("2026-11-16"), leads("2026-11-21")
    plants = company.truth("planted")
    gone = [plant["record_key"].removeprefix("crm:") for plant in plants if plant["defect_kind"] == "deleted_in_crm"]
    assert gone and not set(gone) & set(after)
    for plant in plants:
        if plant["defect_kind"] == "reverted_value":
            lead = plant["record_key"].removeprefix("crm:")
            assert before[lead] == after[lead] != between[lead] == plant["planted_value"]


def test_late_events_are_weeks_late(company):
    late = [plant for plant in company.truth("planted") if plant["defect_kind"] == "late_data" and plant["feed"] == "web_events"]
    known = {row["file_name"]: row["known_at"] for row in company.truth("files")}
    assert len(late) >= 10
    for plant in late[:10]:
        occurred = company.value(
            f"select max(occurred_at + interval 8 hours) from read_parquet('{{landing}}/website/{plant['file_name']}') "
            f"where event_id = '{plant['record_key'].split(':', 1)[1]}'"
        )
        days = duckdb.execute("select date_diff('day', ?::timestamp, ?::timestamp)", [occurred, known[plant["file_name"]]]).fetchone()[0]
        assert days >= 15


def test_twins_share_the_key_that_merges_them(company):
    people = defaultdict(list)
    for row in company.truth("same_people"):
        people[row["person_no"], row["because"]].append(row)
    for (_, because), rows in people.items():
        assert len(rows) >= 2, because
        assert any(row["rule_id"] for row in rows)
    by_key = {"twin_by_mobile", "twin_by_email", "twin_by_wecom", "merged_in_crm", "two_crms"}
    by_likeness = {"twin_desk_phone", "twin_name_company", "twin_typo_email", "twin_typo_mobile"}
    assert {because for _, because in people} == by_key | by_likeness
