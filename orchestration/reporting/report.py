"""The quality report: one self-contained HTML page per language, read from the serving file alone."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from orchestration.reporting import attention, sections
from orchestration.reporting.headline import headline as headline_figures
from orchestration.reporting.labels import Language, formula_safe
from orchestration.reporting.queue import queue
from orchestration.reporting.serving import open_serving
from orchestration.reporting.sources import FATES, Sources, open_sources
from orchestration.warehouse.storage import replacing

TEMPLATES = Path(__file__).parent / "templates"


def write_report(serving_path: Path, out_dir: Path, lang: Language) -> Path:
    """Write `quality_report.<lang>.html` into a folder and return its path.

    Reads only the serving file, read-only. The page needs no network; the same file gives the same bytes.
    Raises NotPublishedError when nothing is published, duckdb.Error when a mart is missing.
    """
    html = render_report(serving_path, lang)
    target = out_dir / f"quality_report.{lang}.html"
    with replacing(target) as draft:
        draft.write_bytes(html.encode("utf-8"))
    return target


def render_report(serving_path: Path, lang: Language) -> str:
    """Return the report as HTML; raises as write_report does."""
    with open_serving(serving_path) as serving:
        sources = open_sources(serving, lang)
        content = _content(sources)
    return environment().get_template("report.html.j2").render(**content)


def _content(sources: Sources) -> dict[str, Any]:
    headline, changes = headline_figures(sources), sections.changes(sources)
    clocks, alerts, quality = attention.clocks(sources), attention.alerts(sources), attention.quality(sources)
    return {
        "lang": sources.labels.lang,
        "t": sources.labels.text,
        "labels": sources.labels,
        "css": Markup((TEMPLATES / "report.css").read_text(encoding="utf-8")),
        "header": _header(sources),
        "summary": _summary(sources, headline, changes, clocks, alerts, quality),
        "headline": headline,
        "bands": sections.bands(sources),
        "channels": sections.breakdown(sources, "by_channel"),
        "industries": sections.breakdown(sources, "by_industry"),
        "lifecycle": sections.lifecycle(sources),
        "stages": sections.stages(sources),
        "changes": changes,
        "clocks": clocks,
        "alerts": alerts,
        "quality": quality,
        "fates": FATES,
        "queue": queue(sources),
        "scope_note": _scope_note(sources),
    }


def _header(sources: Sources) -> dict[str, Any]:
    day_end, labels, text = sources.day_end, sources.labels, sources.labels.text
    facts = [
        (text("report.day_end"), labels.day(day_end.as_of_date), False),
        (text("report.known_until"), labels.instant(day_end.known_until_at), False),
        (
            text("report.state"),
            text("report.provisional" if day_end.is_provisional else "report.published"),
            False,
        ),
        (text("report.ruleset"), day_end.ruleset_hash[:8], True),
        (text("report.fingerprint"), day_end.fingerprint[:16], True),
        (text("report.code"), day_end.git_commit[:8], True),
    ]
    return {
        "company": day_end.company_name,
        "facts": [fact for fact in facts if fact[1]],
        "zone": text("report.time_zone", zone=str(day_end.zone)),
    }


def _summary(
    sources: Sources,
    headline: dict[str, Any],
    changes: dict[str, Any],
    clocks: dict[str, Any],
    alerts: dict[str, Any],
    quality: dict[str, Any],
) -> str:
    labels, text = sources.labels, sources.labels.text
    best = [*headline["best"], "A", "B"][:2]
    now, raw = headline["now"], quality["raw"]
    said = [
        text(
            "summary.leads",
            scope=labels.term(sources.scope, "scope"),
            leads=labels.count(now["leads"]),
            first=best[0],
            second=best[1],
            a=labels.count(headline["bands"].get(best[0], 0)),
            b=labels.count(headline["bands"].get(best[1], 0)),
            mqls=labels.count(now["mqls"]),
            high=labels.count(now["high_maturity"]),
        )
    ]
    if changes["measurable"]:
        moved = changes["raw"]
        said.append(
            text(
                "summary.moves",
                risen=labels.count(moved["risen"]),
                fallen=labels.count(moved["fallen"]),
                unchanged=labels.count(moved["unchanged"]),
                without=labels.count(moved["without_comparison"]),
            )
        )
    waiting = clocks["open_counts"]
    said.append(
        text(
            "summary.waiting",
            breached=waiting.get("breached", 0),
            open=waiting.get("running", 0) + waiting.get("due_soon", 0),
            alerts=alerts["n"],
        )
    )
    said.append(
        text(
            "summary.records" if quality["is_closed"] else "summary.records_open",
            records=labels.count(raw["records"]),
            held=labels.count(raw["quarantined"] + raw["rejected"]),
            difference=labels.count(raw["difference"]),
        )
    )
    return ("" if labels.lang == "zh" else " ").join(said)


def _scope_note(sources: Sources) -> str:
    b2c = sum(row["leads"] for row in sources.rows("scopes") if row["scope"] == "b2c")
    labels = sources.labels
    if b2c and sources.scope == "b2b":
        return labels.text("report.b2c_note", n=b2c)
    return labels.text("report.one_scope_note", scope=labels.term(sources.scope, "scope"))


@cache
def environment() -> Environment:
    """The templates of all pages, which know nothing but what they are given."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["safe_cell"] = formula_safe
    return environment
