"""Tells people of alerts: what is new on the published day-end, once to every channel with an address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from orchestration.lock import house_lock
from orchestration.notifying.channels import Channel, read_channels, set_variables
from orchestration.notifying.news import news, recognise, seen
from orchestration.notifying.outbox import Notice, Outbox, open_outbox
from orchestration.notifying.sending import NoAppriseError, NotSentError, connect, send
from orchestration.notifying.words import Message, pack, paragraph
from orchestration.paths import paths
from orchestration.queries import Queries
from orchestration.reporting.labels import Labels, Language
from orchestration.reporting.serving import Serving, open_serving

QUERIES = Path(__file__).parent / "queries"

# A person may close an alert as of a day that is past.
LATELY = timedelta(days=31)

Step = Callable[[str], None]


@dataclass
class Told:
    """What became of one channel. `held` counts what waits, by the reason."""

    channel: Channel
    is_set: bool
    messages: list[Message] = field(default_factory=list)
    sent: int = 0
    held: dict[str, list[Notice]] = field(default_factory=dict)
    unsent: int = 0
    problem: str = ""


@dataclass
class Notification:
    """What became of all channels. `unnamed` are set variables that no channel names."""

    as_of_date: date
    is_trial: bool
    told: list[Told]
    unnamed: list[str]

    @property
    def failed(self) -> list[Told]:
        """Channels that did not take everything that they should have."""
        return [told for told in self.told if told.problem]


def notify(
    home: Path,
    *,
    lang: Language | None = None,
    is_trial: bool = False,
    now: datetime | None = None,
    on_step: Step = lambda name: None,
) -> Notification:
    """Tell every channel whose variable is set what it has not been told yet.

    Args:
        home: LEADHOUSE_HOME.
        lang: language of the messages; default that of the channel's row.
        is_trial: only find out what would be sent; nothing is sent or written down.
        now: the instant, with its zone; default the clock's.
        on_step: told the name of each step before it starts.

    Raises:
        NotPublishedError: nothing is published yet.
        HouseIsBusyError: another process is sending.
    """
    where = paths(home)
    now = now or datetime.now(UTC)
    with open_serving(where.serving_database) as serving:
        if is_trial:
            with open_outbox(where.outbox, is_trial=True) as outbox:
                return _Notifier(serving, outbox, now, lang, True, on_step).go()
        with house_lock(where.outbox, "leadhouse notify"), open_outbox(where.outbox) as outbox:
            return _Notifier(serving, outbox, now, lang, False, on_step).go()


class _Notifier:
    def __init__(
        self,
        serving: Serving,
        outbox: Outbox,
        now: datetime,
        lang: Language | None,
        is_trial: bool,
        on_step: Step,
    ) -> None:
        self.day_end = serving.day_end()
        self.serving, self.outbox, self.on_step = serving, outbox, on_step
        self.queries = Queries(serving.connection, QUERIES)
        self.local = now.astimezone(self.day_end.zone)
        self.now = now.astimezone(UTC).replace(tzinfo=None)
        self.muted: set[str] = set()
        self.lang, self.is_trial = lang, is_trial
        self.labels = {code: Labels(code, serving, self.day_end) for code in ("zh", "en")}

    def go(self) -> Notification:
        channels = read_channels(self.labels[self.lang or "zh"])
        told = [Told(channel, bool(channel.url)) for channel in channels]
        self.on_step("write down")
        self._write_down([one.channel for one in told if one.is_set])
        workday = self.queries.rows("workdays", day=self.local.date())
        is_day_off = bool(workday) and not workday[0]["is_business_day"]
        for one in told:
            if one.is_set:
                self._tell(one, is_day_off)
        named = {channel.url_variable for channel in channels}
        unnamed = [name for name in set_variables() if name not in named]
        return Notification(self.day_end.as_of_date, self.is_trial, told, unnamed)

    def _language(self, channel: Channel) -> Language:
        return self.lang or channel.language

    def _write_down(self, channels: list[Channel]) -> None:
        """Book everything that is new, in one step: from here on nothing can be forgotten."""
        day = self.day_end.as_of_date
        with self.outbox.at_once():
            known = self.outbox.episodes()
            newest = max((episode.last_seen_on for episode in known.values()), default=day)
            told_until = {channel.rule_id: self.outbox.told_until(channel.rule_id) for channel in channels}
            if not channels or day < max([newest, *filter(None, told_until.values())]):
                # A past day-end was published again: its alerts are no news.
                return
            # What closed long before everybody was told last is no news to anybody.
            since = min(until or day for until in told_until.values()) - LATELY
            alerts = recognise(self.queries.rows("alerts", since=since), known, day)
            self.muted = {alert.alert_id for alert in alerts if alert.is_open and alert.is_muted(self.now)}
            for channel in channels:
                notices = self.outbox.notices(channel.rule_id)
                labels = self.labels[self._language(channel)]
                until = told_until[channel.rule_id]
                for event in news(channel, alerts, known, notices, until, day, self.now):
                    self.outbox.write(
                        channel.rule_id,
                        event.event_id,
                        event.alert.alert_id,
                        event.event,
                        event.severity,
                        day,
                        paragraph(event, labels),
                    )
                self.outbox.set_told_until(channel.rule_id, day)
            for alert in alerts:
                self.outbox.see(seen(alert, known))

    def _tell(self, one: Told, is_day_off: bool) -> None:
        channel = one.channel
        open_notices = [notice for notice in self.outbox.notices(channel.rule_id) if not notice.is_sent]
        ready = []
        for notice in open_notices:
            reason = channel.holds(notice.event, notice.severity, self.local, is_day_off)
            if notice.alert_id in self.muted:
                reason = "notify.muted"
            if reason:
                one.held.setdefault(reason, []).append(notice)
            else:
                ready.append(notice)
        one.messages = pack(ready, channel, self._language(channel), self.day_end.as_of_date)
        if not self.is_trial and one.messages:
            self._send(one)

    def _send(self, one: Told) -> None:
        try:
            service = connect(one.channel)
            for message in one.messages:
                self.outbox.mark_sending(message.notices)
                self.on_step("send")
                try:
                    send(service, one.channel, message)
                except NotSentError as error:
                    if not error.may_have_arrived:
                        self.outbox.mark_refused(message.notices)
                    raise
                self.on_step("mark as sent")
                self.outbox.mark_sent(message.notices)
                one.sent += len(message.notices)
        except (NotSentError, NoAppriseError) as error:
            # The others of this channel would wait for the same answer; the next run tries again.
            one.problem = str(error)
        one.unsent = sum(len(message.notices) for message in one.messages) - one.sent
