"""Every model says what a row is, has a promised key, and is tested at its edges where it calculates."""

from __future__ import annotations

import re

PREFIX = {"staging": "stg_", "rules": "rul_", "cleansing": "int_cleansing__", "tagging": "int_tagging__",
          "scoring": "int_scoring__", "maturity": "int_maturity__"}
MART_PREFIXES = ("dim_", "fct_", "rpt_", "int_")

# Models whose rows may repeat by nature, as their description says.
WITHOUT_KEY = {
    "int_tagging__call_turns", "int_tagging__call_fact_hits", "int_tagging__lead_signals", "int_maturity__lead_conditions",
    "int_maturity__evidence", "int_maturity__stage_evidence", "stg_lake__rejects", "int_scoring__state_signals",
    "int_maturity__state_evidence",
}
# One-to-one with a keyed relation or a part of a keyed union: the key is tested there. Or a union of keyed parts that have
# rules of their own: to count its rows again costs more than to read them.
KEYED_IN_THEIR_UNION = re.compile(
    r"int_cleansing__(\w+_touches|stated_persons|record_check_hits|touch_type_hits)$|int_scoring__raw_contributions$"
)


def promised_keys(model: dict) -> list[str]:
    """The unique constraints of a model, which the macro keep_promises holds to its rows."""
    of_columns = [constraint for column in model["columns"].values() for constraint in column["constraints"]]
    return [constraint["type"] for constraint in [*model["constraints"], *of_columns] if constraint["type"] == "unique"]


def test_every_model_says_what_a_row_is(models):
    offences = [name for name, model in models.items() if not model["description"].startswith("One row per")]
    assert not offences, "Descriptions begin with 'One row per …':\n" + "\n".join(sorted(offences))


def test_names_tell_the_layer(models):
    offences = []
    for name, model in models.items():
        layer = model["fqn"][1]
        prefix = PREFIX.get(layer, MART_PREFIXES)
        if not name.startswith(prefix) or not re.fullmatch(r"[a-z0-9_]+", name):
            offences.append(f"{layer}: {name}")
    assert not offences, "\n".join(offences)


def test_every_model_has_a_promised_key(models):
    offences = [
        name for name, model in models.items()
        if name not in WITHOUT_KEY and not KEYED_IN_THEIR_UNION.match(name) and not promised_keys(model)
    ]
    assert not offences, "No unique constraint:\n" + "\n".join(sorted(offences))


def test_every_model_keeps_its_promises(models):
    offences = [
        name for name, model in models.items()
        if not any("keep_promises" in hook["sql"] for hook in model["config"]["post-hook"])
    ]
    assert not offences, "No hook keep_promises, so its constraints are words only:\n" + "\n".join(sorted(offences))


def test_marts_have_enforced_contracts(models):
    offences = [
        name for name, model in models.items()
        if model["fqn"][1] == "marts" and name.startswith(("dim_", "fct_", "rpt_"))
        and not model["config"]["contract"]["enforced"]
    ]
    assert not offences, "\n".join(sorted(offences))


def test_models_that_calculate_have_unit_tests(manifest, models):
    """A model calculates when it counts, sums, ranks, compares with a threshold or divides."""
    tested = {unit["model"] for unit in manifest["unit_tests"].values()}
    calculates = re.compile(r"\b(sum|count|max_by|row_number|least|greatest)\s*\(|div_round|hold_intervals|days_between", re.I)
    offences = []
    for name, model in models.items():
        if model["fqn"][1] in ("staging", "rules") or name in tested:
            continue
        if calculates.search(re.sub(r"--[^\n]*", "", model["raw_code"])) and name not in BUILT_SQL:
            offences.append(name)
    assert not offences, "No unit test:\n" + "\n".join(sorted(offences))


# Compile rule rows or loops into their SQL, so a unit test cannot mock what they read, or count the rows of all 23 feeds;
# held to the planted truth and the balance of the built demo warehouse instead (tests/warehouse).
BUILT_SQL = {
    "int_tagging__value_tags", "int_tagging__attribute_values", "int_tagging__call_fact_hits", "int_cleansing__components",
    "int_cleansing__stored_rows", "int_cleansing__match_pairs", "int_cleansing__match_conflicts",
}


def test_models_fit_a_screen_or_two(model_files):
    offences = [f"{name}: {text.count(chr(10))} lines" for name, text in model_files.items() if text.count("\n") > 200]
    assert not offences, "Split the model:\n" + "\n".join(offences)


def test_columns_of_marts_are_described(models):
    offences = [
        f"{name}.{column}"
        for name, model in models.items()
        if model["fqn"][1] == "marts" and name.startswith(("dim_", "fct_", "rpt_"))
        for column, facts in model["columns"].items()
        if not facts["description"]
    ]
    assert not offences, "\n".join(offences)
