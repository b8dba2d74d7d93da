"""What is to be told and what was told, in one SQLite file: written down before it leaves, and again after.

A process that is killed between the two leaves a message of which nobody knows whether it arrived. It is sent
again, under the same id: nothing is lost, and what comes twice can be told apart.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

FILE = "notifications.sqlite"

_TABLES = """
create table if not exists episodes (
    -- An alert as it was last seen; `facts` are its words, for when the marts no longer have it.
    alert_id text primary key, alert_kind text not null, subject_key text not null,
    first_severity text not null, opened_on text not null, last_seen_on text not null,
    state text not null, facts text not null
);
create table if not exists channels (
    -- The newest day-end of which a channel was told.
    rule_id text primary key, told_until text not null
);
create table if not exists notices (
    -- state: waiting -> sending -> sent; from sending back to waiting when the channel said no.
    number integer primary key, rule_id text not null, event_id text not null, alert_id text not null,
    event text not null, severity text not null, as_of_date text not null, words text not null,
    state text not null, attempts integer not null, written_at text not null, sent_at text,
    unique (rule_id, event_id)
);
"""


@dataclass(frozen=True)
class Notice:
    """One event of one alert for one channel. `is_repeat`: it may have arrived before."""

    number: int
    rule_id: str
    event_id: str
    alert_id: str
    event: str
    severity: str
    as_of_date: date
    words: str
    is_repeat: bool
    is_sent: bool


@dataclass(frozen=True)
class Episode:
    """An alert as it was last seen by the notifier."""

    alert_id: str
    alert_kind: str
    subject_key: str
    first_severity: str
    opened_on: date
    last_seen_on: date
    state: str
    facts: dict[str, Any]


class Outbox:
    """The notices of one house. Every change is on the disk when its method returns."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._db.row_factory = sqlite3.Row
        self._db.execute("pragma synchronous = full")
        self._db.executescript(_TABLES)
        columns = {row["name"] for row in self._db.execute("pragma table_info(episodes)")}
        if "lead_id" in columns:
            # Written when alerts were about leads only.
            self._db.execute("alter table episodes rename column lead_id to subject_key")

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """All changes of the with-block, or none of them."""
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def episodes(self) -> dict[str, Episode]:
        """Return every alert that was ever seen, by id."""
        return {
            row["alert_id"]: Episode(
                row["alert_id"],
                row["alert_kind"],
                row["subject_key"],
                row["first_severity"],
                date.fromisoformat(row["opened_on"]),
                date.fromisoformat(row["last_seen_on"]),
                row["state"],
                json.loads(row["facts"]),
            )
            for row in self._db.execute("select * from episodes")
        }

    def see(self, episode: Episode) -> None:
        """Remember an alert as it is now; its first severity stays."""
        self._db.execute(
            "insert into episodes values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (alert_id) do update set "
            "last_seen_on = excluded.last_seen_on, state = excluded.state, facts = excluded.facts",
            (
                episode.alert_id,
                episode.alert_kind,
                episode.subject_key,
                episode.first_severity,
                episode.opened_on.isoformat(),
                episode.last_seen_on.isoformat(),
                episode.state,
                json.dumps(episode.facts, ensure_ascii=False, default=str),
            ),
        )

    def told_until(self, rule_id: str) -> date | None:
        """Return the newest day-end of which a channel was told, None when it never was."""
        row = self._db.execute("select told_until from channels where rule_id = ?", (rule_id,)).fetchone()
        return date.fromisoformat(row[0]) if row else None

    def set_told_until(self, rule_id: str, day: date) -> None:
        """Book a day-end as told to a channel; goes with the notices that it made."""
        self._db.execute("insert or replace into channels values (?, ?)", (rule_id, day.isoformat()))

    def notices(self, rule_id: str) -> list[Notice]:
        """Return all notices of a channel, oldest first."""
        found = self._db.execute("select * from notices where rule_id = ? order by number", (rule_id,))
        return [
            Notice(
                row["number"],
                row["rule_id"],
                row["event_id"],
                row["alert_id"],
                row["event"],
                row["severity"],
                date.fromisoformat(row["as_of_date"]),
                row["words"],
                row["state"] == "sending",
                row["state"] == "sent",
            )
            for row in found
        ]

    def write(
        self, rule_id: str, event_id: str, alert_id: str, event: str, severity: str, day: date, words: str
    ) -> None:
        """Write down what is to be told; what is written already stays as it is."""
        self._db.execute(
            "insert or ignore into notices (rule_id, event_id, alert_id, event, severity, as_of_date, words, "
            "state, attempts, written_at) values (?, ?, ?, ?, ?, ?, ?, 'waiting', 0, ?)",
            (rule_id, event_id, alert_id, event, severity, day.isoformat(), words, _now()),
        )

    def mark_sending(self, notices: Iterable[Notice]) -> None:
        """Write down that a message with these notices leaves now."""
        with self.at_once():
            self._db.executemany(
                "update notices set state = 'sending', attempts = attempts + 1 where number = ?",
                [(notice.number,) for notice in notices],
            )

    def mark_sent(self, notices: Iterable[Notice]) -> None:
        """Write down that the channel took the message."""
        with self.at_once():
            self._db.executemany(
                "update notices set state = 'sent', sent_at = ? where number = ?",
                [(_now(), notice.number) for notice in notices],
            )

    def mark_refused(self, notices: Iterable[Notice]) -> None:
        """Write down that it did not; what may have arrived before still may have."""
        with self.at_once():
            self._db.executemany(
                "update notices set state = ? where number = ?",
                [("sending" if notice.is_repeat else "waiting", notice.number) for notice in notices],
            )


@contextmanager
def open_outbox(folder: Path, *, is_trial: bool = False) -> Iterator[Outbox]:
    """Open the outbox; of a trial nothing is written to the disk.

    Args:
        folder: the folder of the outbox; made when it is missing.
        is_trial: work on a copy in memory.
    """
    file = folder / FILE
    if is_trial:
        connection = sqlite3.connect(":memory:", isolation_level=None)
        if file.exists():
            with sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True) as stored:
                stored.backup(connection)
            stored.close()
    else:
        folder.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(file, isolation_level=None)
    try:
        yield Outbox(connection)
    finally:
        connection.close()


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
