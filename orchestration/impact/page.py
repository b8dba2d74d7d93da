"""The page of an impact, in Markdown for a pull request and in HTML for a browser, from the same figures."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, figures: dict[str, Any]) -> str:
    """Fill a template of `templates/`; one whose name has `.html` escapes what it prints."""
    css = Markup((TEMPLATES / "impact.css").read_text(encoding="utf-8"))
    return _environment().get_template(template).render(**figures, css=css)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=lambda name: name is not None and ".html" in name,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "points": _points,
        "cell": _cell,
        "shown": _shown,
        "said": _said,
        "signed": _signed,
    }
    return environment


def _points(milli: int | None) -> str:
    """Milli-points as signed points."""
    return "–" if milli is None else f"{milli / 1000:+.3f}"


def _signed(value: float) -> str:
    return f"{value:+.6f}"


def _shown(value: Any) -> str:
    return "–" if value is None else str(value)


def _cell(value: Any) -> str:
    """A value as the cell of a Markdown table: on one line, without borders of its own."""
    return " ".join(_shown(value).split()).replace("|", "\\|").replace("<", "&lt;")


def _said(rule: dict[str, Any]) -> str:
    """What a rule version says now, and what it said: only the columns that differ, or all of a new one."""
    before, after = (json.loads(rule[name] or "{}") for name in ("before_payload", "after_payload"))
    before["status"], after["status"] = rule["before_status"], rule["after_status"]
    if rule["change"] == "changed":
        names = [name for name in after if before.get(name) != after.get(name)]
        return ", ".join(f"{name} {_shown(before.get(name))} → {_shown(after[name])}" for name in names)
    said = after if rule["change"] == "added" else before
    return ", ".join(f"{name} {value}" for name, value in said.items() if value not in (None, "", "active"))
