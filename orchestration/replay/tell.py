"""What a replay tells the person who asked for it."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from orchestration.replay.replay import Replay, WhatIf

COUNTED = {
    "moved": "points",
    "score": "displayed score",
    "band": "band",
    "level": "maturity level",
    "stage": "decision stage",
    "status": "status",
    "queue_rank": "rank",
    "owner": "owner",
}


def tell_replay(console: Console, replay: Replay) -> None:
    """Print the fingerprint, what differs and why, and what would have been with other rules."""

    def say(text: str, style: str | None = None) -> None:
        console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)

    published = replay.published
    say(f"fingerprint {replay.fingerprint}")
    day_end = published.inputs.as_of_date
    say(f"published   {published.fingerprint}, day-end {day_end}, at {published.published_at}")
    say(f"database    {replay.database}  (schema marts)")
    if replay.is_equal:
        say(f"equal: all {len(published.marts)} marts are what was published.", "green")
        for difference in replay.differences:
            say(f"  {difference}; nothing in the marts depends on it.")
    else:
        say(f"differs: {len(replay.marts)} of {len(published.marts)} marts.", "bold red")
        for mart, (then, now) in replay.marts.items():
            say(f"  {mart}: {_rows(then)} then, {_rows(now)} now" + _same_number(then, now))
        say("because:" if replay.differences else "because of nothing that is recorded:")
        for difference in replay.differences:
            say(f"  {difference}")
        for line in _advice(replay):
            say(f"  {line}")
    if replay.what_if:
        _tell_what_if(console, replay.what_if, say)


def _advice(replay: Replay) -> list[str]:
    names = {difference.name for difference in replay.differences}
    if not names:
        return [
            "Code, rules, deliveries and settings are those of the day, so this is a defect: please report "
            "it with the marts above. (Or files under lake/ were changed by hand.)"
        ]
    advice = []
    if "rules" in names:
        advice.append("--published-rules replays with the rules of the day.")
    if "code" in names:
        advice.append(
            f"Check out {replay.published.inputs.git_commit.partition('+')[0] or 'its commit'} "
            "to replay with the code of the day."
        )
    return advice


def _rows(fingerprint: Any) -> str:
    return f"{fingerprint.rows} rows" if fingerprint else "not there"


def _same_number(then: Any, now: Any) -> str:
    return " with other content" if then and now and then.rows == now.rows else ""


def _tell_what_if(console: Console, what_if: WhatIf, say: Any) -> None:
    totals = what_if.totals
    say("")
    say(f"With the rules of {what_if.rules_as_of}, of {totals['leads']} leads:")
    say("  differ in " + ", ".join(f"{label}: {totals[name]}" for name, label in COUNTED.items()))
    for title, moves in (("band", what_if.bands), ("level", what_if.levels)):
        for move in moves:
            say(f"  {title} {move['before']} → {move['after']}: {move['leads']} ({move['scope']})")
    if what_if.movers:
        table = Table(
            title="Biggest movers", title_justify="left", title_style="bold", header_style="dim", box=None
        )
        for name in ("lead", "person", "company", "score", "band", "points", "rule"):
            table.add_column(name, overflow="fold")
        for row in what_if.movers:
            table.add_row(
                row["lead_id"],
                row["person_name"] or "–",
                row["company_name"] or "–",
                f"{_shown(row['before_score'])} → {_shown(row['after_score'])}",
                f"{row['before_band'] or '–'} → {row['after_band'] or '–'}",
                f"{row['change_milli'] / 1000:+.3f}",
                row["rule_id"] or "–",
            )
        console.print(table)
    say(f"  every lead that differs: {what_if.leads_file}")


def _shown(value: Any) -> str:
    return "–" if value is None else str(value)
