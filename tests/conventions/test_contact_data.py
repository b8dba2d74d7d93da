"""Addresses leave the house by one door (R59): dim_contactability, which asks for consent first."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = re.compile(r"(^|_)(address|e?mail|mobile|phone|wechat_id|openid|unionid|external_userid)$")

# dim_leads says who somebody is, so that a person finds him and a BI user can look him up; dim_reps are our own people.
MAY_SHOW = {"dim_contactability": {"address"}, "dim_leads": {"email", "mobile"}, "dim_reps": {"email", "phone"}}
# Reads addresses to decide whether they may be used.
MAY_READ = {"dim_contactability", "fct_consents", "int_action__consent_records", "int_action__consent_signals", "dim_leads", "dim_reps"}
# Finds the lead that somebody typed the number of; shows none.
MAY_LOOK_UP = {"orchestration/reporting/queries/find_lead.sql"}


def test_no_other_mart_has_a_column_with_an_address(models):
    offences = [
        f"{name}.{column}"
        for name, model in models.items()
        if model["fqn"][1] == "marts" and name.startswith(("dim_", "fct_", "rpt_"))
        for column in model["columns"]
        if ADDRESS.search(column) and column not in MAY_SHOW.get(name, set())
    ]
    assert not offences, "Take the address from dim_contactability when it is used:\n" + "\n".join(offences)


def test_steps_on_the_way_to_a_mart_are_not_published(models):
    """Whatever lies in the schema of the marts is copied for BI; identity keys and half-made tables must not be."""
    offences = [name for name, model in models.items() if name.startswith("int_") and model["schema"].endswith("marts")]
    assert not offences, "Give them a schema of their own, {{ config(schema=…) }}:\n" + "\n".join(offences)


def test_no_other_mart_reads_the_address_of_a_lead(models):
    offences = [
        f"{name}: {match.group(0)}"
        for name, model in models.items()
        if model["fqn"][1] == "marts" and name not in MAY_READ
        for match in re.finditer(r"\b(leads|records|contacts)\.(email|mobile|phone)\b", model["raw_code"])
    ]
    assert not offences, "\n".join(offences)


def test_nothing_that_sends_exports_or_drafts_reads_an_address_but_by_that_door():
    offences = []
    for path in sorted((ROOT / "orchestration").rglob("*")):
        name = str(path.relative_to(ROOT))
        if path.suffix not in (".py", ".sql", ".j2") or name in MAY_LOOK_UP or name.startswith(("orchestration/demo/", "orchestration/ingestion/")):
            continue
        text = path.read_text(encoding="utf-8")
        offences += [f"{name}: {match.group(0)}" for match in re.finditer(r"\b\w+\.(email|mobile|phone)\b", text)]
        if re.search(r"\baddress\b", text) and "may_contact" not in text and "dim_contactability" in text:
            offences.append(f"{name}: an address without may_contact")
    assert not offences, "Join dim_contactability and use its address, which is null without consent:\n" + "\n".join(offences)


def test_the_door_gives_no_address_without_a_yes(models):
    sql = models["dim_contactability"]["raw_code"]
    assert "case when may_contact = 'yes' then address end" in sql
    assert len(re.findall(r"\bas address\b", sql)) == 2, "one where it is chosen by channel, one where it is given out"
