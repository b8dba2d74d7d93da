"""The validator names file, line, column and remedy of each planted mistake, and nothing else."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from orchestration.rules.check import check_rules
from orchestration.rules.horizon import calendar_notes

SEEDS = Path(__file__).resolve().parents[2] / "seeds"

ENG, DIM, BND = "rule_scoring__engagement", "rule_scoring__dimensions", "rule_scoring__bands"
LVL, LFC, PRI, SEG = (
    "rule_maturity__levels", "rule_maturity__lifecycle_gates", "rule_action__priority", "rule_tagging__segment",
)
JOB, REV, CLN, HRS = (
    "rule_tagging__job_level", "rule_tagging__revenue_band", "rule_cleansing__verdicts", "rule_sla__business_hours",
)
ACS, CMT = "rule_scoring__account", "rule_scoring__committee"
CAP, REQ, MAT = "rule_maturity__capabilities", "rule_tagging__requirements", "rule_maturity__evidence"
CST, NTF, LIM = "rule_maturity__conversion_stages", "rule_anomaly__notifications", "rule_anomaly__limits"
POL = "rule_anomaly__policies"
CTM, CLK = "rule_sla__calendars", "rule_sla__clock_events"
NED, FIT, FCT, SLA = "rule_scoring__need", "rule_scoring__fit", "rule_tagging__call_facts", "rule_sla__policies"


def the_only_problem(rules):
    problems = check_rules(rules.folder)
    assert len(problems) == 1, "\n".join(map(str, problems))
    return problems[0]


def test_default_rules_are_in_order_and_checked_fast():
    check_rules(SEEDS)
    started = time.perf_counter()
    problems = check_rules(SEEDS)
    assert not problems, "\n".join(map(str, problems))
    assert time.perf_counter() - started < 4


CELLS = [
    (JOB, "TAG-104", {"argument": "(董事长|总裁"}, "argument", "does not compile", "Correct it"),
    (JOB, "TAG-104", {"argument": "CEO助理"}, "argument", "capital letters", "lower case"),
    (JOB, "TAG-104", {"argument": "(?!副)总经理"}, "argument", "lookaround", "row of its own"),
    (JOB, "TAG-104", {"argument": "总助|"}, "argument", "matches everything", "empty alternative"),
    (JOB, "TAG-104", {"argument": r"\d助理"}, "argument", "Backslashes", "[0-9]"),
    (JOB, "TAG-104", {"tag": "directr"}, "tag", "'directr' is not in the vocabulary job_level", "'director'"),
    (JOB, "TAG-104", {"tag_group": "job_levl"}, "tag_group", "not in the vocabulary tag_group", "'job_level'"),
    (JOB, "TAG-104", {"attribute": "jobtitle"}, "attribute", "not in the vocabulary lead_attribute", "'job_title'"),
    (JOB, "TAG-104", {"why": ""}, "why", "why is empty", "why the rule is so"),
    (JOB, "TAG-104", {"reference": ""}, "reference", "reference is empty", "team judgement"),
    (JOB, "TAG-104", {"owner": "me"}, "owner", "not in the vocabulary rule_owner", "Known words"),
    (JOB, "TAG-104", {"label_zh": ""}, "label_zh", "label_zh is empty", "Fill it in"),
    (JOB, "TAG-104", {"status": "actve"}, "status", "not in the vocabulary rule_status", "'active'"),
    (JOB, "TAG-104", {"valid_from": "2026/1/1"}, "valid_from", "not a date", "YYYY-MM-DD"),
    (JOB, "TAG-104", {"priority": "7.5"}, "priority", "not a whole number", "digits"),
    (JOB, "TAG-104", {"priority": "0"}, "priority", "below 1", "Correct"),
    (JOB, "TAG-104", {"label_en": " Director"}, "label_en", "blanks around it", "Remove"),
    (JOB, "TAG-104", {"match_kind": "equals", "argument": "Director"}, "argument", "never match", "lower case"),
    (JOB, "TAG-104", {"range_min": "5"}, "range_min", "Only a range has ends", "Empty them"),
    (REV, "TAG-572", {"range_min": "100000"}, "range_max", "is empty", "ends"),
    (REV, "TAG-572", {"range_min": "", "range_max": ""}, "range_min", "needs a lower or an upper end", "Correct"),
    (REV, "TAG-572", {"range_min": "40,000"}, "range_min", "not a number", "no separators"),
    (ENG, "ENG-014", {"touch_type": "video_pley"}, "touch_type", "not in the vocabulary touch_type", "'video_play'"),
    (ENG, "ENG-014", {"qualifier": "home"}, "qualifier", "website.video_play has no qualifier", "Empty"),
    (ENG, "ENG-001", {"qualifier": "homepage"}, "qualifier", "not in the vocabulary page_group", "'home'"),
    (ENG, "ENG-001", {"measure_min": "5"}, "measure_min", "website.page_view has no measure", "Empty"),
    (ENG, "ENG-001", {"depth": "9"}, "depth", "9 is above 5", "Correct"),
    (NED, "NED-001", {"signal": "budget_confrmed"}, "signal", "not in the vocabulary fact_kind", "'budget_confirmed'"),
    (NED, "NED-001", {"qualifier": "amount_known"}, "qualifier", "budget_confirmed has no qualifier", "Empty"),
    (NED, "NED-041", {"signal": "form.submit"}, "signal", "not in the vocabulary touch", "'form.form_submit'"),
    (NED, "NED-012", {"qualifier": "boss"}, "qualifier", "not in the vocabulary decision_role", "Known words"),
    (FCT, "FCT-041", {"example": "再说吧"}, "example", "does not catch the example", "Correct one"),
    (SLA, "SLA-002", {"segment": "big"}, "segment", "not in the vocabulary segment", "Known words"),
    (SLA, "SLA-002", {"starts_channel": "meeting"}, "starts_touch_type", "No row of rule_cleansing__touch_types", ""),
    (NTF, "NTF-001", {"url_variable": "wecombot://1234"}, "url_variable", "does not have the form", "Correct"),
    (NTF, "NTF-001", {"service": "wecmo"}, "service", "not in the vocabulary notification_service", "'wecom'"),
    (NTF, "NTF-001", {"severities": "critical|urgent"}, "severities", "not in the vocabulary alert_severity", "Known words"),
    (NTF, "NTF-001", {"events": "open"}, "events", "not in the vocabulary alert_event", "'opened'"),
    (NTF, "NTF-001", {"events": "opened|closed"}, "events", "was info when it opened is never told", "Add escalated"),
    (NTF, "NTF-001", {"notify_roles": "boss"}, "notify_roles", "not in the vocabulary escalation_role", "Known words"),
    (NTF, "NTF-001", {"quiet_to": ""}, "quiet_to", "need both ends", "neither"),
    (NTF, "NTF-001", {"quiet_to": "20:00"}, "quiet_to", "no time at all", "retire the row"),
    (NTF, "NTF-001", {"quiet_from": "24:00"}, "quiet_to", "ends with 23:59", "00:00"),
    (NTF, "NTF-007", {"quiet_passes": "critical"}, "quiet_passes", "Nothing ever waits here", "quiet hours"),
    (NTF, "NTF-001", {"max_bytes": "4000"}, "max_bytes", "A message of wecom holds 2048 bytes", "2048 or less"),
    (NTF, "NTF-001", {"retries": "9"}, "retries", "9 is above 5", "Correct"),
    (HRS, "CAL-001", {"opens": "9:00"}, "opens", "not a time", "HH:MM"),
    (HRS, "CAL-001", {"closes": "08:30"}, "closes", "08:30 is not after 09:00", "hours"),
    (HRS, "CAL-001", {"break_to": ""}, "break_to", "needs both ends", "neither"),
    (HRS, "CAL-008", {"holidays_of": "cn_xinjiang"}, "holidays_of", "keeps the holidays of cn_business", "one calendar"),
    (CTM, "CTM-001", {"time_zone": "Asia/Beijing"}, "time_zone", "no zone Asia/Beijing", "Asia/"),
    (SLA, "SLA-001", {"starts_channel": ""}, "starts_touch_type", "has a channel and a type", "both"),
    (SLA, "SLA-007", {"starts_qualifier": "handover"}, "starts_qualifier", "not in the vocabulary operation", "'hand_over'"),
    (SLA, "SLA-018", {"starts_qualifier": ""}, "starts_qualifier", "needs to know which", "decision_stage"),
    (SLA, "SLA-010", {"starts_touch_type": "connected"}, "starts_touch_type", "has none", "Empty"),
    (SLA, "SLA-010", {"maturity_level": "hot"}, "maturity_level", "not in the vocabulary maturity_level", "Known words"),
    (CLK, "CLK-003", {"argument": "accepted|acepted"}, "argument", "'acepted' is not in the vocabulary", "'accepted'"),
    (CLK, "CLK-010", {"argument": "hold"}, "argument", "takes no argument", "Empty"),
    (HRS, "CAL-001", {"break_from": "08:00"}, "break_from", "does not lie within", "Correct"),
    (CLN, "CLN-005", {"attribute": "e_mail"}, "attribute", "crm_leads has no column 'e_mail'", "'email'"),
    (CLN, "CLN-005", {"argument": "["}, "argument", "does not compile", "Correct it"),
    (CLN, "CLN-005", {"check_kind": "requird"}, "check_kind", "not in the vocabulary check_kind", "'required'"),
    (CLN, "CLN-007", {"argument": "throwaway"}, "argument", "not in the vocabulary mail_domain_kind", "Known words"),
    (CLN, "CLN-131", {"argument": "creatd_at"}, "argument", "crm_leads has no column 'creatd_at'", "'created_at'"),
    (CLN, "CLN-162", {"argument": "stages"}, "argument", "no vocabulary 'stages'", ""),
    (CLN, "CLN-101", {"max_value": ""}, "max_value", "days of tolerance", "0 or more"),
    (CLN, "CLN-141", {"min_value": "", "max_value": ""}, "min_value", "needs a lower or an upper end", ""),
    (CLN, "CLN-014", {"attribute": "email"}, "attribute", "looks at the whole record", "Empty"),
    (LFC, "LFC-013", {"threshold": ""}, "threshold", "needs a threshold", "number"),
    (LFC, "LFC-016", {"threshold": "5"}, "threshold", "takes no threshold", "Empty"),
    (LFC, "LFC-016", {"argument": "A|E"}, "argument", "'E' is not in the vocabulary score_band", "Known words"),
    (LFC, "LFC-016", {"argument": ""}, "argument", "needs an argument", "score_band"),
    (LFC, "LFC-001", {"argument": "A"}, "argument", "takes no argument", "Empty"),
    (LFC, "LFC-016", {"condition": "score_is_high"}, "condition", "not in the vocabulary lifecycle_condition", ""),
    (PRI, "PRI-002", {"argument": "brocken"}, "argument", "not in the vocabulary sla_state", "Known words"),
    (PRI, "PRI-002", {"operator": "at_least"}, "operator", "does not go with at_least", "equals"),
    (PRI, "PRI-015", {"threshold": ""}, "threshold", "need a threshold", "Correct"),
    (PRI, "PRI-031", {"points": "5"}, "points", "other kinds have none", "Correct"),
    (PRI, "PRI-031", {"argument": "any_order"}, "argument", "does not go with last_activity_at", "newest_first"),
    (CST, "CST-003", {"conversion_stage": "active_engagment"}, "conversion_stage", "not in the vocabulary", "'active_engagement'"),
    (CST, "CST-003", {"window_days": "3"}, "min_active_days", "3 days never hold 4 active days", "longer window"),
    (POL, "ANO-051", {"clock_rules": "SLA-001|SLA-999"}, "clock_rules", "No clock is timed by SLA-999", "rule_sla__policies"),
    (LIM, "ANO-201", {"stands_days": ""}, "stands_days", "Without stands_days nothing is compared", "score_drift needs it"),
    (CST, "CST-005", {"min_depth": "6"}, "min_depth", "6 is above 5", "Correct"),
    (SEG, "TAG-502", {"argument": "huge"}, "argument", "not in the vocabulary company_size", "Known words"),
    (SEG, "TAG-507", {"argument": "many"}, "argument", "not a whole number", "digits"),
    (SEG, "TAG-507", {"operator": "in"}, "operator", "headcount does not go with in", "at_least"),
    (CAP, "CAP-001", {"product": "lead_managment"}, "product", "not in the vocabulary product_interest", "'lead_management'"),
    (CAP, "CAP-001", {"requirement": "lead_scorng"}, "requirement", "not in the vocabulary requirement", "'lead_scoring'"),
    (CAP, "CAP-001", {"support": "maybe"}, "support", "not in the vocabulary requirement_match", "Known words"),
    (CAP, "CAP-001", {"support": ""}, "support", "does not say whether", "unknown while nobody"),
    (CAP, "CAP-001", {"price_from_wan": "5"}, "price_from_wan", "Only a price range has prices", "Empty"),
    (CAP, "CAP-001", {"requirement": "price_range"}, "requirement", "does not go with the kind function", "price_range"),
    (CAP, "CAP-042", {"price_partly_wan": "12.5"}, "price_partly_wan", "12.5 is above the price of 12", "lowest budget"),
    (CAP, "CAP-042", {"price_partly_wan": ""}, "price_from_wan", "needs both prices", "万元"),
    (CAP, "CAP-042", {"support": "met"}, "support", "A budget decides", "Empty"),
    (REQ, "TAG-951", {"tag": "lead_scorng"}, "tag", "not in the vocabulary requirement", "'lead_scoring'"),
    (MAT, "MAT-071", {"qualifier": "shall"}, "qualifier", "not in the vocabulary requirement_strength", "Known words"),
    (CMT, "CMT-001", {"segment": "entreprise"}, "segment", "not in the vocabulary segment", "'enterprise'"),
    (CMT, "CMT-001", {"decision_role": "boss"}, "decision_role", "not in the vocabulary decision_role", "Known words"),
    (CMT, "CMT-001", {"active_within_days": "0"}, "active_within_days", "below 1", "Correct"),
    (ACS, "ACS-001", {"aggregation": "company_facts"}, "aggregation", "not in the vocabulary account_aggregation", "'account_facts'"),
    (ACS, "ACS-001", {"argument": "industry|colour"}, "argument", "'colour' is not in the vocabulary tag_group", ""),
    (ACS, "ACS-001", {"argument": "industry|job_level"}, "argument", "job_level describes a person, not the company", "region"),
    (ACS, "ACS-002", {"people_max": ""}, "people_max", "needs a number of people", "Write it"),
    (ACS, "ACS-004", {"people_max": "3"}, "people_max", "takes no people_max", "Empty"),
    (ACS, "ACS-004", {"argument": "feedbck"}, "argument", "not in the vocabulary bant_group", "'feedback'"),
]


@pytest.mark.parametrize(("name", "rule_id", "cells", "column", "problem", "remedy"), CELLS)
def test_mistake_in_a_cell(rules, name, rule_id, cells, column, problem, remedy):
    line = rules.change(name, rule_id, **cells)
    problems = [found for found in check_rules(rules.folder) if found.row == line and found.column == column]
    assert len(problems) == 1, "\n".join(map(str, check_rules(rules.folder)))
    found = problems[0]
    assert found.file.startswith("seeds/rules/") and found.file.endswith(f"/{name}.csv")
    assert problem in found.problem and remedy in found.remedy, str(found)


def test_message_reads_well(rules):
    rules.change(JOB, "TAG-104", tag="directr")
    assert str(the_only_problem(rules)) == (
        "seeds/rules/tagging/rule_tagging__job_level.csv, line 7, tag: "
        "'directr' is not in the vocabulary job_level. Did you mean 'director'?"
    )


def test_weights_that_add_up_to_90(rules):
    line = rules.change(DIM, "WGT-003", weight_pct="20")
    found = the_only_problem(rules)
    assert (found.row, found.column) == (line - 2, "weight_pct")
    assert "The weights of default add up to 90 from 2000-01-01 on (lines 2, 3, 4)" in found.problem
    assert found.remedy == "They must add up to 100."


def test_weights_are_added_up_in_every_period(rules):
    """The change of one weight alone breaks the sum from its day on; a second row on that day mends it."""
    line = rules.append(DIM, "WGT-001", valid_from="2026-07-01", weight_pct="40")
    found = the_only_problem(rules)
    assert found.row == line and "default add up to 105 from 2026-07-01 on" in found.problem
    rules.append(DIM, "WGT-002", valid_from="2026-07-01", weight_pct="30")
    assert not check_rules(rules.folder)


def test_account_weights_add_up_in_every_period(rules):
    """R18: the parts of the account score are one set of weights."""
    line = rules.append(ACS, "ACS-001", valid_from="2026-07-01", weight_pct="40")
    found = the_only_problem(rules)
    assert found.row == line and "The weights of all rows add up to 105 from 2026-07-01 on" in found.problem
    rules.append(ACS, "ACS-004", valid_from="2026-07-01", weight_pct="15")
    assert not check_rules(rules.folder)


def test_a_retired_row_no_longer_weighs(rules):
    rules.append(DIM, "WGT-043", valid_from="2026-07-01", status="retired")
    assert "b2c add up to 75 from 2026-07-01 on" in the_only_problem(rules).problem


def test_maturity_weights_add_up_within_a_row(rules):
    line = rules.change(LVL, "LVL-002", need_clarity_pct="20")
    found = the_only_problem(rules)
    assert found.row == line and "enterprise add up to 90" in found.problem


def test_overlapping_bands(rules):
    rules.change(BND, "BND-002", upper_pct="70")
    found = the_only_problem(rules)
    assert found.row == rules.line_of(BND, "BND-001")
    assert "total has two bands between 65 and 70" in found.problem


def test_gap_between_bands(rules):
    rules.change(BND, "BND-003", lower_pct="30")
    found = the_only_problem(rules)
    assert found.row == rules.line_of(BND, "BND-003")
    assert "total has no band from 25 to 30" in found.problem


def test_bands_that_end_too_early(rules):
    rules.change(BND, "BND-011", upper_pct="100")
    assert "fit ends at 100" in the_only_problem(rules).problem


def test_a_higher_conversion_stage_asks_for_at_least_as_much(rules):
    line = rules.change(CST, "CST-004", min_active_days="3")
    found = the_only_problem(rules)
    assert (found.row, found.column) == (line, "min_active_days")
    assert "Step 4 (line 5) asks for 3, step 3 (line 4) for 4, from 2000-01-01 on" in found.problem
    assert "at least as much as the one below it" in found.remedy


def test_two_conversion_stages_are_not_the_same_step(rules):
    line = rules.append(CST, "CST-004", valid_from="2026-07-01", stage_order="5")
    found = the_only_problem(rules)
    assert (found.row, found.column) == (line, "stage_order")
    assert "Lines 6 and 7 are both number 5 from 2026-07-01 on" in found.problem


def test_same_version_twice(rules):
    line = rules.append(ENG, "ENG-006", points="20")
    found = the_only_problem(rules)
    assert (found.row, found.column) == (line, "rule_id")
    assert found.problem == "ENG-006 from 2000-01-01 is already in line 7."


def test_a_version_that_changes_nothing(rules):
    line = rules.append(ENG, "ENG-006", valid_from="2026-07-01", why="Looks better now")
    found = the_only_problem(rules)
    assert found.row == line and "says the same as the one of line 7" in found.problem


def test_the_end_of_the_known_calendar_is_said_in_time():
    """R32: from 90 days before the last day whose holidays are known; today's rules know them until the end of 2026."""
    assert calendar_notes(SEEDS, date(2026, 10, 2)) == []
    [note] = calendar_notes(SEEDS, date(2026, 10, 3))
    assert "cn_business" in note and "2026" in note and "rows of 2027" in note
    assert len(calendar_notes(SEEDS, date(2028, 1, 1))) == 1


def test_two_rules_that_say_the_same(rules):
    line = rules.append(ENG, "ENG-006", rule_id="ENG-500", points="99")
    found = the_only_problem(rules)
    assert found.row == line and "Line 7 already holds for channel website, touch_type page_view" in found.problem


def test_the_successor_of_a_retired_rule_may_say_the_same(rules):
    rules.append(ENG, "ENG-006", valid_from="2026-07-01", status="retired")
    rules.append(ENG, "ENG-006", rule_id="ENG-500", valid_from="2026-07-01")
    assert not check_rules(rules.folder)


def test_retired_before_it_held(rules):
    rules.append(FIT, "FIT-001", rule_id="FIT-500", tag="unknown", status="retired")
    assert "retired before it ever held" in the_only_problem(rules).problem


def test_an_id_belongs_to_one_file(rules):
    rules.append("rule_scoring__engagement_patterns", "ENG-101", rule_id="ENG-001", min_value="9")
    assert "ENG-001 is used in seeds/rules/scoring/rule_scoring__engagement" in the_only_problem(rules).problem


def test_foreign_prefix(rules):
    rules.change(FIT, "FIT-001", rule_id="ENG-900")
    assert the_only_problem(rules).remedy == "Ids of this file begin with FIT-."


def test_form_of_an_id(rules):
    rules.change(FIT, "FIT-001", rule_id="FIT-1")
    assert "does not have the form" in the_only_problem(rules).problem


def test_exception_from_a_rule_that_does_not_exist(rules):
    line = rules.change("exceptions", "EXC-001", rule_id="IDN-999")
    found = the_only_problem(rules)
    assert (found.file, found.row) == ("seeds/exceptions/exceptions.csv", line)
    assert "There is no rule IDN-999" in found.problem


def test_segment_without_weights(rules):
    for rule_id in ("WGT-031", "WGT-032", "WGT-033"):
        rules.remove(DIM, rule_id)
    problems = check_rules(rules.folder)
    assert {found.row for found in problems} == {rules.line_of(SEG, "TAG-504"), rules.line_of(SEG, "TAG-509")}
    assert "small has no row in rule_scoring__dimensions" in problems[0].problem


def test_term_twice(rules):
    table = rules.read("vocabulary_terms")
    rules.write("vocabulary_terms", [*table, table[1]])
    assert "is already in line 2" in the_only_problem(rules).problem


FILES = [
    (lambda path: path.write_bytes(path.read_text("utf-8").encode("gbk", "replace")), None, "not UTF-8", "CSV UTF-8"),
    (lambda path: path.write_text("\ufeff" + path.read_text("utf-8"), "utf-8"), 1, "byte order mark", "without BOM"),
    (lambda path: path.write_text("", "utf-8"), None, "is empty", "The header is"),
    (lambda path: path.write_text(path.read_text("utf-8").replace(",points,", ",ponts,"), "utf-8"), 1, "unknown column 'ponts'", "'points'"),
    (lambda path: path.write_text(path.read_text("utf-8").replace("rule_id,valid_from", "valid_from,rule_id"), "utf-8"), 1, "not in their order", "rule_id,valid_from"),
    (lambda path: path.write_text(path.read_text("utf-8") + "\n", "utf-8"), 91, "line is empty", "Remove it"),
    (lambda path: path.write_text(path.read_text("utf-8") + "FIT-900,2026-01-01\n", "utf-8"), 91, "2 cells", "quotation marks"),
    (lambda path: path.write_text(path.read_text("utf-8") + 'FIT-900,"open\n', "utf-8"), None, "Not readable as CSV", "quotation mark"),
]


@pytest.mark.parametrize(("damage", "line", "problem", "remedy"), FILES, ids=[case[2] for case in FILES])
def test_damaged_file(rules, damage, line, problem, remedy):
    damage(rules.path(FIT))
    found = the_only_problem(rules)
    assert found.file == "seeds/rules/scoring/rule_scoring__fit.csv" and found.row == line
    assert problem in found.problem and remedy in found.remedy, str(found)


def test_file_without_description_and_the_other_way_round(rules):
    path = rules.path(FIT)
    path.rename(path.with_name("rule_scoring__fit2.csv"))
    problems = {found.file: found.problem for found in check_rules(rules.folder)}
    assert "not described" in problems["seeds/rules/scoring/rule_scoring__fit2.csv"]
    assert "no rule_scoring__fit.csv" in problems["seeds/rules/scoring/_scoring__rules.yml"]


def test_broken_yaml(rules):
    yml = rules.path(FIT).with_name("_scoring__rules.yml")
    yml.write_text(yml.read_text("utf-8").replace("seeds:", "seeds: ["), "utf-8")
    problems = [found for found in check_rules(rules.folder) if found.file.endswith(".yml")]
    assert problems and "Not readable as YAML" in problems[0].problem and problems[0].row


def test_all_mistakes_are_named_at_once(rules):
    rules.change(JOB, "TAG-104", argument="(")
    rules.change(DIM, "WGT-003", weight_pct="20")
    rules.change(FIT, "FIT-001", why="")
    assert len(check_rules(rules.folder)) == 3


def test_no_folder(tmp_path):
    with pytest.raises(FileNotFoundError, match="No folder of rules"):
        check_rules(tmp_path / "nothing")
