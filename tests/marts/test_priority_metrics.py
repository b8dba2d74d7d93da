"""A priority rule can only ask for a metric that the queue computes: the vocabulary and the model name the same ones."""

from __future__ import annotations

import csv
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "dbt_project/models/marts/action/queue/int_action__lead_metrics.sql"


def rows(path: str) -> list[dict[str, str]]:
    with (ROOT / "seeds" / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words() -> set[str]:
    return {row["code"] for row in rows("vocabulary/vocabulary_terms.csv") if row["vocabulary"] == "priority_metric"}


def computed() -> set[str]:
    """Metrics named in the model, and the activity patterns that it passes on under their window."""
    patterns = {
        row["metric"] + (f"_{row['window_days']}d" if row["window_days"] else "")
        for row in rows("rules/scoring/rule_scoring__engagement_patterns.csv")
    }
    return set(re.findall(r"'([a-z0-9_]+)'", MODEL.read_text(encoding="utf-8"))) | patterns


def test_every_metric_of_the_vocabulary_is_computed():
    assert words() - computed() == set()


def test_every_rule_asks_for_a_metric_of_the_vocabulary():
    assert {row["metric"] for row in rows("rules/action/rule_action__priority.csv")} - words() == set()
