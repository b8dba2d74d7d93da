"""Evidence of an alert (JSON in the mart) as labelled words."""

from __future__ import annotations

import json
import re
from typing import Any

from orchestration.reporting.labels import Labels

RULE_ID = re.compile(r"[A-Z]{3}-[0-9]{3,}(@.*)?")
VOCABULARIES = {
    "band": "score_band",
    "band_before": "score_band",
    "decision_stage": "decision_stage",
    "maturity_level": "maturity_level",
    "segment": "segment",
    "lifecycle_status": "lifecycle_status",
    "cause": "alert_cause",
    "channel": "channel",
}


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
        return labels.join([_value(key, item, labels) for item in value])
    if isinstance(value, dict):
        return " ".join(_value(name, item, labels) for name, item in value.items() if item not in (None, ""))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and key.endswith("_milli"):
        return labels.points(value, 1, sign="change" in key or "share" in key or "lost" in key)
    if isinstance(value, int) and ("days" in key.split("_")):
        return labels.days(value)
    if isinstance(value, str):
        if RULE_ID.fullmatch(value):
            rule = labels.rule(value)
            return f"{rule.rule_id} {rule.label}" if rule.label != rule.rule_id else rule.rule_id
        if key in VOCABULARIES:
            return labels.term(value, VOCABULARIES[key])
    return str(value)
