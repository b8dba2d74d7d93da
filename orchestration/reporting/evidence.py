"""Evidence of an alert (JSON in the mart) as labelled words."""

from __future__ import annotations

import json
import re
from typing import Any

from orchestration.reporting.labels import Labels

RULE_ID = re.compile(r"[A-Z]{3}-[0-9]{3,}(@.*)?")
VOCABULARIES = {"decision_stage": "decision_stage", "cause": "alert_cause"}
MOST_ITEMS = 4


def read_evidence(evidence: str | None, labels: Labels) -> list[tuple[str, str]]:
    """Return the evidence as (label, value) pairs in the order of the JSON; other text as it is."""
    if not evidence:
        return []
    try:
        content = json.loads(evidence)
    except ValueError:
        return [("", evidence)]
    if not isinstance(content, dict):
        return [("", _value("", content, labels))]
    return [
        (labels.own("evidence", key), _value(key, value, labels))
        for key, value in content.items()
        if value not in (None, "", [], {})
    ]


def _value(key: str, value: Any, labels: Labels) -> str:
    if isinstance(value, list):
        return _items(key, value, labels)
    if isinstance(value, dict) and {"rule_key", "cause", "change_milli"} <= value.keys():
        named, cause, change = (
            _value(name, value[name], labels) for name in ("rule_key", "cause", "change_milli")
        )
        return labels.text("evidence.rule", rule=named, change=change, cause=cause)
    if isinstance(value, dict):
        return " ".join(_value(name, item, labels) for name, item in value.items() if item not in (None, ""))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and key.endswith("_milli"):
        return labels.points(value, 1, sign=key.startswith("change"))
    if isinstance(value, int) and "days" in key.split("_"):
        return labels.days(value)
    if isinstance(value, str) and RULE_ID.fullmatch(value):
        rule = labels.rule(value)
        return rule.rule_id if rule.label == rule.rule_id else f"{rule.rule_id} {rule.label}"
    if isinstance(value, str) and key in VOCABULARIES:
        return labels.term(value, VOCABULARIES[key])
    return str(value)


def _items(key: str, items: list[Any], labels: Labels) -> str:
    # The heaviest first: what cost most says most.
    ranked = sorted(
        items, key=lambda item: -abs(item.get("change_milli", 0)) if isinstance(item, dict) else 0
    )
    said = [_value(key, item, labels) for item in ranked[:MOST_ITEMS]]
    if len(ranked) > MOST_ITEMS:
        said.append(labels.text("evidence.more", n=len(ranked) - MOST_ITEMS))
    return labels.join(said)
