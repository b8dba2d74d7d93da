"""Each kind of check on a record catches what it is for and leaves the rest alone (R07): the macro behind rule_cleansing__verdicts, run for real."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration.warehouse.dbt import Dbt

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = ["email", "phone", "person_name", "headcount", "created_at", "modified_at", "credit_code", "stage"]
SOUND = {
    "email": "'li@hengchuan.cn'", "phone": "'13800138001'", "person_name": "'李雷'", "headcount": "100", "stage": "'proposal'",
    "created_at": "timestamp '2026-11-01 08:00:00'", "modified_at": "timestamp '2026-11-02 08:00:00'", "known_at": "timestamp '2026-11-03 08:00:00'",
    "credit_code": "'91110000600037341L'", "custom_attributes": """'{"Size": "big"}'""", "unparsed_values": "cast(null as varchar)",
}  # fmt: skip
NONE = "cast(null as varchar)"
# attribute, kind, argument, smallest, largest; values that are caught, values that are not.
KINDS = {
    "required": (("person_name", "required", "", None, None), [{"person_name": NONE}], [{}]),
    "regex": (("person_name", "regex", "^测试|^test$", None, None), [{"person_name": "'TEST'"}, {"person_name": "'测试01'"}], [{}, {"person_name": NONE}]),
    "not_regex": (("phone", "not_regex", "^[0-9+() -]+$", None, None), [{"phone": "'call me'"}], [{}, {"phone": NONE}]),
    "vocabulary": (("stage", "vocabulary", "opportunity_stage", None, None), [{"stage": "'prposal'"}], [{}, {"stage": NONE}]),
    "range": (("headcount", "range", "", 1, 3000000), [{"headcount": "0"}, {"headcount": "3000001"}], [{}, {"headcount": "1"}, {"headcount": "cast(null as bigint)"}]),
    "in_future": (("created_at", "in_future", "", None, 1), [{"created_at": "timestamp '2026-11-04 08:00:01'"}], [{}, {"created_at": "timestamp '2026-11-04 08:00:00'"}]),
    "before": (("modified_at", "before", "created_at", None, None), [{"modified_at": "timestamp '2026-10-31 08:00:00'"}], [{}, {"modified_at": "created_at"}]),
    "disposable": (("email", "domain_kind", "disposable", None, None), [{"email": "'Li <li@mailinator.com>'"}], [{}, {"email": "'li@21cn.com'"}]),
    "blacklisted": (("email", "domain_kind", "blacklisted", None, None), [{"email": "'x@form-spammer.example'"}], [{}]),
    "credit_code": (("credit_code", "credit_code", "", None, None), [{"credit_code": "'91110000600037341M'"}, {"credit_code": "'x'"}], [{}, {"credit_code": NONE}]),
    "unparsed": (("any", "unparsed", "", None, None), [{"unparsed_values": """'{"created_at": "2026-02-30"}'"""}], [{}]),
    "unparsed column": (("created_at", "unparsed", "", None, None), [{"unparsed_values": """'{"created_at": "2026-02-30"}'"""}], [{}, {"unparsed_values": """'{"modified_at": "x"}'"""}]),
    "unreachable": (("", "unreachable", "", None, None), [{"email": "'none'", "phone": "'5888'"}], [{}, {"email": NONE}, {"phone": NONE}]),
    "custom attribute": (("custom:Size", "regex", "^big$", None, None), [{}], [{"custom_attributes": NONE}]),
}


def default_domains(kind: str) -> list[str]:
    with (ROOT / "seeds/rules/cleansing/rule_cleansing__mail_domains.csv").open(encoding="utf-8", newline="") as file:
        return [row["domain"] for row in csv.DictReader(file) if row["mail_domain_kind"] == kind and row["status"] == "active"]


def model() -> str:
    domains = {kind: default_domains(kind) for kind in ("disposable", "blacklisted")}
    selects = []
    for name, ((attribute, kind, argument, smallest, largest), caught, spared) in KINDS.items():
        rule = {"rule_key": name, "feed": "crm_leads", "attribute": attribute, "check_kind": kind, "argument": argument, "min_value": smallest, "max_value": largest}
        predicate = f"{{{{ caught_by({rule!r}, {COLUMNS!r}, {{'opportunity_stage': ['proposal', 'won']}}, {domains!r}) }}}}".replace("None", "none")
        for expected, records in ((True, caught), (False, spared)):
            for record in records:
                # A value may name another column of the sound record.
                values = SOUND | {column: SOUND.get(value, value) for column, value in record.items()}
                columns = ", ".join(f"{value} as {column}" for column, value in values.items())
                selects.append(f"select '{name}' as kind, {str(expected).lower()} as expected, {predicate} as found from (select {columns}) as record")
    return "\nunion all\n".join(selects)


@pytest.mark.slow
def test_each_kind_of_check_catches_what_it_is_for(tmp_path: Path):
    project = tmp_path / "project"
    (project / "models").mkdir(parents=True)
    shutil.copytree(ROOT / "dbt_project" / "macros", project / "macros")
    (project / "dbt_project.yml").write_text("name: leadhouse\nprofile: leadhouse\nmodels: {leadhouse: {+materialized: table}}\nflags: {send_anonymous_usage_stats: false}\n")
    (project / "profiles.yml").write_text("leadhouse:\n  target: duckdb\n  outputs:\n    duckdb: {type: duckdb, path: \"{{ env_var('LEADHOUSE_HOME') }}/warehouse.duckdb\", threads: 1}\n")
    (project / "models" / "checked.sql").write_text(model(), encoding="utf-8")
    built = Dbt(project, tmp_path / "home").build()
    assert built.is_green, built.explanation()
    with duckdb.connect(str(tmp_path / "home" / "warehouse.duckdb"), read_only=True) as con:
        wrong = con.execute("select kind, expected, found from checked where found <> expected").fetchall()
        assert wrong == []
        assert {row[0] for row in con.execute("select distinct kind from checked").fetchall()} == set(KINDS)


def test_every_kind_of_check_is_in_use_and_tested():
    with (ROOT / "seeds/vocabulary/vocabulary_terms.csv").open(encoding="utf-8", newline="") as file:
        kinds = {row["code"] for row in csv.DictReader(file) if row["vocabulary"] == "check_kind"}
    with (ROOT / "seeds/rules/cleansing/rule_cleansing__verdicts.csv").open(encoding="utf-8", newline="") as file:
        used = {row["check_kind"] for row in csv.DictReader(file)}
    # Which touches are unknown is a question to the rules of touches: int_cleansing__touch_type_hits and its stories.
    assert kinds == used == {kind for (_, kind, *_), _, _ in KINDS.values()} | {"unknown_touch_type"}
