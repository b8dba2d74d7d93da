"""How far the business calendars reach, said before a clock needs a day that nobody has announced."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from orchestration.rules.files import load_rule_files, parse_date

# The longest clock of the default rules has 60 business days, which a long holiday makes 90 days.
NOTICE = timedelta(days=90)


def calendar_notes(seeds_dir: Path, today: date) -> list[str]:
    """Return a sentence per holiday calendar whose known years end within the notice, else an empty list.

    Args:
        seeds_dir: the folder that holds rules/.
        today: the day to look ahead from.
    """
    files, _ = load_rule_files(seeds_dir)
    kept = {row["holidays_of"] for row in files["rule_sla__business_hours"].rows}
    known: dict[str, int] = {}
    for row, _, _ in files["rule_sla__holidays"].intervals():
        day = parse_date(row["calendar_date"])
        if day and row["calendar"] in kept:
            known[row["calendar"]] = max(known.get(row["calendar"], 0), day.year)
    return [
        f"Holidays of {calendar} are known to the end of {year}. A clock that needs a later day says so "
        f"(is_beyond_calendar) and guesses nothing: add the rows of {year + 1} to rule_sla__holidays.csv "
        "once they are announced."
        for calendar, year in sorted(known.items())
        if date(year, 12, 31) - today < NOTICE
    ]
