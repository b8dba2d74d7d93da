"""Every alert is told once to every channel that wants it, whatever happens in between."""

from __future__ import annotations

import logging
import os
import re
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from notifying_house import DAY, FIRST, alert, publish
from receivers import Mailbox, Receiver, killed_notify
from typer.testing import CliRunner

from orchestration.cli import app
from orchestration.notifying.notify import Notification, notify

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 17, 2, 0, tzinfo=UTC)  # Tuesday, 10:00 in Shanghai
QUICK = {"NTF-007": {"retries": 0, "retry_wait_seconds": 0}}
ID = re.compile(r"(?:No\. |编号 )([0-9a-f]{12})")
SECRETS = ("s3cretpass", "t0psecret", "reader")


def ids(receiver: Receiver) -> list[str]:
    """The ids of everything that was told, in order."""
    return [found for text in receiver.texts for found in ID.findall(text)]


def tell(home: Path, **options) -> Notification:
    return notify(home, **{"now": NOW, **options})


def of(notification: Notification, rule_id: str):
    return next(told for told in notification.told if told.channel.rule_id == rule_id)


def test_an_alert_is_told_once_and_so_is_its_end(home, webhook):
    publish(home, FIRST, [alert()])
    assert of(tell(home), "NTF-007").sent == 1
    tell(home)
    publish(home, FIRST + DAY, [alert()])
    tell(home)
    assert [text.split("\n")[0] for text in webhook.texts] == ["Warning · Score plunge · Opened"]
    publish(home, FIRST + 2 * DAY, [alert(closed=FIRST + 2 * DAY)])
    tell(home)
    tell(home)
    assert webhook.texts[1].split("\n")[0] == "Warning · Score plunge · Closed"
    assert "2026-11-16 to 2026-11-18" in webhook.texts[1]
    assert len(webhook.got) == 2 and len(set(ids(webhook))) == 2


def test_a_rise_is_told_and_a_fall_is_not(home, webhook):
    publish(home, FIRST, [alert()])
    tell(home)
    for n, severity in enumerate(("critical", "warning", "critical"), 1):
        publish(home, FIRST + n * DAY, [alert(severity=severity)])
        tell(home)
    assert [text.split("\n")[0] for text in webhook.texts] == [
        "Warning · Score plunge · Opened", "Critical · Score plunge · Escalated",
    ]


def test_the_first_time_only_what_is_open_is_told(home, webhook):
    past = alert("L2", opened=FIRST - 9 * DAY, closed=FIRST - 2 * DAY)
    publish(home, FIRST, [past, alert("L1", "stagnation", opened=FIRST - 90 * DAY)])
    tell(home)
    assert len(ids(webhook)) == 1 and "Stagnation" in webhook.texts[0]


def test_what_opened_and_closed_while_nobody_told_it_is_told(home, webhook):
    publish(home, FIRST, [])
    tell(home)
    publish(home, FIRST + 3 * DAY, [alert(opened=FIRST + DAY, closed=FIRST + 2 * DAY)])
    tell(home)
    assert [line for line in webhook.texts[0].split("\n") if " · " in line] == [
        "Warning · Score plunge · Opened", "Warning · Score plunge · Closed",
    ]
    assert webhook.got[0]["title"] == "Leadhouse: 1 alert, 2026-11-19"


def test_a_past_day_published_again_is_no_news(home, webhook):
    publish(home, FIRST + DAY, [alert()])
    tell(home)
    publish(home, FIRST, [alert("L2", opened=FIRST - DAY)])
    tell(home)
    assert len(ids(webhook)) == 1
    publish(home, FIRST + 2 * DAY, [alert()])
    tell(home)
    assert len(ids(webhook)) == 1


def test_an_alert_whose_first_day_moves_with_the_build_stays_the_same_one(home, webhook):
    """The record of alerts began anew, so the id is another one too."""
    publish(home, FIRST, [alert("L1", "stagnation")])
    tell(home)
    # The oldest day-end of the new record is later than the day on which it was first seen, or earlier.
    for opened in (FIRST - 4 * DAY, FIRST - DAY):
        publish(home, FIRST + DAY, [alert("L1", "stagnation", opened=opened)])
        tell(home)
    assert len(ids(webhook)) == 1
    publish(home, FIRST + 3 * DAY, [alert("L1", "stagnation", opened=FIRST - DAY, closed=FIRST + 3 * DAY)])
    tell(home)
    assert len(ids(webhook)) == 2 and "Closed" in webhook.texts[1]


def test_an_alert_that_is_gone_from_the_marts_is_over(home, webhook):
    publish(home, FIRST, [alert()])
    tell(home)
    publish(home, FIRST + DAY, [])
    tell(home)
    tell(home)
    assert len(webhook.got) == 2
    assert "Closed" in webhook.texts[1] and "merged into another lead" in webhook.texts[1] and "王伟" in webhook.texts[1]


def test_an_alert_that_late_data_brings_back_is_told_as_such(home, webhook):
    publish(home, FIRST, [alert()])
    tell(home)
    publish(home, FIRST + DAY, [alert(closed=FIRST + DAY)])
    tell(home)
    publish(home, FIRST + DAY, [alert()])
    tell(home)
    tell(home)
    assert [text.split("\n")[0].split(" · ")[2] for text in webhook.texts] == ["Opened", "Closed", "Opened again"]
    assert len(set(ids(webhook))) == 3


def test_an_alert_that_comes_back_is_told_under_its_id(home, webhook):
    publish(home, FIRST, [alert()])
    tell(home)
    publish(home, FIRST + 2 * DAY, [alert(closed=FIRST + 2 * DAY)])
    tell(home)
    publish(home, FIRST + 4 * DAY, [alert(reopened=FIRST + 4 * DAY)])
    tell(home)
    tell(home)
    publish(home, FIRST + 5 * DAY, [alert(reopened=FIRST + 4 * DAY)])
    tell(home)
    assert [text.split("\n")[0].split(" · ")[2] for text in webhook.texts] == ["Opened", "Closed", "Opened again"]


def test_who_hears_of_no_end_hears_of_the_return(home, webhook):
    """Also when it ended and came back between two runs."""
    rows = {"NTF-007": {"events": "opened|escalated"}}
    publish(home, FIRST, [alert()], rows)
    tell(home)
    for day in (FIRST + 4 * DAY, FIRST + 5 * DAY):
        publish(home, day, [alert(reopened=FIRST + 3 * DAY)], rows)
        tell(home)
    assert [text.split("\n")[0].split(" · ")[2] for text in webhook.texts] == ["Opened", "Opened again"]


def test_what_nobody_takes_up_is_told_once_to_whom_it_is_escalated(home, webhook, monkeypatch, mailbox):
    mail = f"mailto://127.0.0.1:{mailbox.port}/?from=a@leadhouse.example&to=boss@leadhouse.example"
    monkeypatch.setenv("LEADHOUSE_NOTIFY_MAIL_MANAGER", mail)
    rows = {"NTF-006": {"severities": "critical|warning", "notify_roles": "sales_manager", "language": "en"}}
    publish(home, FIRST, [alert()], rows)
    tell(home)
    assert mailbox.got == [] and len(ids(webhook)) == 1
    for n in (2, 3):
        publish(home, FIRST + n * DAY, [alert(overdue="sales_manager")], rows)
        tell(home)
    body = mailbox.got[0].get_body(("plain", "html")).get_content()
    assert len(mailbox.got) == 1 and "Nobody took it up in time" in body and "for Sales manager" in body
    assert [text.split("\n")[0].split(" · ")[2] for text in webhook.texts] == ["Opened", "Nobody took it up in time"]
    # It came back and nobody took it up again: that is another time.
    publish(home, FIRST + 9 * DAY, [alert(reopened=FIRST + 8 * DAY)], rows)
    tell(home)
    publish(home, FIRST + 11 * DAY, [alert(reopened=FIRST + 8 * DAY, overdue="sales_manager")], rows)
    tell(home)
    assert len(mailbox.got) == 2 and len(set(ids(webhook))) == 4


def test_who_hears_of_an_alert_for_the_first_time_is_told_once(home, webhook):
    publish(home, FIRST + 9 * DAY, [alert(overdue="sales_manager")])
    tell(home)
    tell(home)
    assert len(ids(webhook)) == 1 and "Opened" in webhook.texts[0]


def test_of_a_muted_alert_nobody_hears_until_the_time_is_over(home, webhook):
    """Until 12:00 in Shanghai on Tuesday, 04:00 UTC. One was told before and ends muted: whoever knows of it hears of the end."""
    noon = datetime(2026, 11, 17, 4, 0)
    publish(home, FIRST, [alert("L1", muted_until=noon), alert("L2", severity="critical")])
    tell(home)
    assert len(ids(webhook)) == 1
    later = datetime(2026, 12, 1, 4, 0)
    publish(home, FIRST, [alert("L1", muted_until=noon), alert("L2", muted_until=later, overdue="sales_manager")])
    tell(home, now=datetime(2026, 11, 17, 3, 59, tzinfo=UTC))
    assert len(ids(webhook)) == 1
    tell(home, now=datetime(2026, 11, 17, 4, 0, tzinfo=UTC))
    assert len(ids(webhook)) == 2 and "王伟" in webhook.texts[1]
    ended = [alert("L1"), alert("L2", closed=FIRST + DAY, muted_until=later), alert("L3", closed=FIRST + DAY, muted_until=later)]
    publish(home, FIRST + DAY, ended)
    tell(home)
    assert len(ids(webhook)) == 3 and "Closed" in webhook.texts[2] and "欧阳静" in webhook.texts[2]


def test_what_waits_for_the_morning_and_is_muted_at_night_does_not_go(home, webhook):
    publish(home, FIRST, [alert()], {"NTF-007": NIGHT})
    assert of(tell(home, now=quiet(FIRST, "23:00")), "NTF-007").sent == 0
    publish(home, FIRST, [alert(muted_until=datetime(2026, 12, 1, 4, 0))], {"NTF-007": NIGHT})
    told = of(tell(home, now=quiet(FIRST + DAY, "10:00")), "NTF-007")
    assert told.sent == 0 and list(told.held) == ["notify.muted"]


def test_an_alert_about_no_lead_says_what_it_is_about(home, webhook):
    publish(home, FIRST, [alert("b2b|A", "band_share", subject="band_share")])
    tell(home)
    assert webhook.texts[0].split("\n")[1] == "Share of a band b2b｜A"
    assert re.search(r"No\. [0-9a-f]{12}$", webhook.texts[0])


def test_an_outbox_of_before_is_read_on(home, webhook):
    """Its table of alerts knew leads only."""
    publish(home, FIRST, [alert()])
    tell(home)
    with sqlite3.connect(home / "outbox" / "notifications.sqlite") as old:
        old.execute("alter table episodes rename column subject_key to lead_id")
    old.close()
    publish(home, FIRST + DAY, [alert(closed=FIRST + DAY)])
    tell(home)
    assert [text.split("\n")[0].split(" · ")[2] for text in webhook.texts] == ["Opened", "Closed"]


@pytest.mark.parametrize("step", ["write down", "send", "mark as sent"])
def test_killed_anywhere_nothing_is_lost_and_what_comes_twice_has_one_id(step, home, webhook):
    # "write down": after publishing, before anything was noted. "mark as sent": the service took it, nobody noted that.
    publish(home, FIRST, [alert("L1"), alert("L2", "stagnation")], {"NTF-007": {"max_alerts": 1}})
    program = [sys.executable, "-c", killed_notify(home, step)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(program, env=environment, capture_output=True, text=True, timeout=60)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    before = ids(webhook)
    assert len(before) == (1 if step == "mark as sent" else 0)
    tell(home)
    tell(home)
    found = ids(webhook)
    assert len(set(found)) == 2
    assert len(found) == 2 + len(before)
    assert all(found.count(one) <= 2 for one in found)
    # Of what may be a repeat the reader is told so.
    repeats = [text for text in webhook.texts if "may have come before" in text]
    assert len(repeats) == (0 if step == "write down" else 1)


def test_a_receiver_that_is_down_gets_it_later(home, receiver, monkeypatch):
    publish(home, FIRST, [alert()], QUICK)
    down = Receiver()
    down.close()
    monkeypatch.setenv("LEADHOUSE_NOTIFY_WEBHOOK", f"json://127.0.0.1:{down.port}/")
    for _ in range(2):
        told = of(tell(home), "NTF-007")
        assert (told.sent, told.unsent) == (0, 1) and "no answer" in told.problem
    # A day later it is up again; the alert has closed meanwhile.
    monkeypatch.setenv("LEADHOUSE_NOTIFY_WEBHOOK", f"json://127.0.0.1:{receiver.port}/")
    publish(home, FIRST + DAY, [alert(closed=FIRST + DAY)], QUICK)
    tell(home)
    assert [line.split(" · ")[2] for line in receiver.texts[0].split("\n") if " · " in line] == ["Opened", "Closed"]


@pytest.mark.parametrize("status", [429, 500])
def test_a_no_is_tried_again_within_the_run_then_in_the_next(status, home, webhook):
    publish(home, FIRST, [alert()], {"NTF-007": {"retries": 2, "retry_wait_seconds": 0}})
    webhook.answers = [(status, b"")] * 2
    assert of(tell(home), "NTF-007").sent == 1
    assert len(webhook.raw) == 3 and len(webhook.got) == 1
    publish(home, FIRST + DAY, [alert(), alert("L2", opened=FIRST + DAY)], {"NTF-007": {"retries": 2, "retry_wait_seconds": 0}})
    webhook.answers = [(status, b"")] * 3
    told = of(tell(home), "NTF-007")
    assert told.unsent == 1 and told.problem == f"it answered with status {status}"
    assert of(tell(home), "NTF-007").sent == 1
    assert len(webhook.got) == 2


def test_a_service_that_takes_it_and_says_nothing_gets_it_again_marked_as_such(home, webhook):
    publish(home, FIRST, [alert()], QUICK)
    webhook.answers = [(0, b"")]
    assert of(tell(home), "NTF-007").problem == "it gave no answer to the message"
    assert of(tell(home), "NTF-007").sent == 1
    tell(home)
    assert len(ids(webhook)) == 2 and len(set(ids(webhook))) == 1
    assert ["may have come before" in text for text in webhook.texts] == [False, True]


def test_a_rise_that_a_channel_does_not_want_keeps_no_end_from_it(home, webhook):
    rows = {"NTF-007": {"events": "opened|closed"}}
    publish(home, FIRST, [alert()], rows)
    tell(home)
    publish(home, FIRST + DAY, [alert(severity="critical")], rows)
    tell(home)
    publish(home, FIRST + 2 * DAY, [alert(severity="critical", closed=FIRST + 2 * DAY)], rows)
    tell(home)
    tell(home)
    assert [text.split("\n")[0].split(" · ")[2] for text in webhook.texts] == ["Opened", "Closed"]


def test_one_channel_that_fails_keeps_no_other_waiting(home, webhook, mailbox, monkeypatch):
    publish(home, FIRST, [alert()], QUICK)
    webhook.otherwise = (500, b"")
    monkeypatch.setenv("LEADHOUSE_NOTIFY_MAIL", f"mailto://127.0.0.1:{mailbox.port}/?from=a@leadhouse.example&to=ops@leadhouse.example")
    notification = tell(home)
    assert [told.channel.rule_id for told in notification.failed] == ["NTF-007"]
    assert of(notification, "NTF-005").sent == 1 and len(mailbox.got) == 1


# Quiet hours ------------------------------------------------------------------------------------------


def quiet(day: date, clock: str) -> datetime:
    return datetime.combine(day, datetime.strptime(clock, "%H:%M").time(), ZoneInfo("Asia/Shanghai"))


NIGHT = {"quiet_from": "20:00", "quiet_to": "09:00", "quiet_passes": "critical"}
NOON = {"quiet_from": "12:00", "quiet_to": "13:00", "quiet_passes": "critical"}


@pytest.mark.parametrize(
    ("hours", "clock", "is_held"),
    [
        (NIGHT, "19:59", False), (NIGHT, "20:00", True), (NIGHT, "23:59", True), (NIGHT, "00:00", True),
        (NIGHT, "08:59", True), (NIGHT, "09:00", False),
        (NOON, "11:59", False), (NOON, "12:00", True), (NOON, "12:59", True), (NOON, "13:00", False),
    ],
)  # fmt: skip
def test_quiet_hours_to_the_minute(hours, clock, is_held, home, webhook):
    publish(home, FIRST, [alert("L1"), alert("L2", severity="critical")], {"NTF-007": hours})
    told = of(tell(home, now=quiet(FIRST + DAY, clock)), "NTF-007")
    assert told.sent == (1 if is_held else 2)
    assert "Critical" in webhook.texts[0] and ("Warning" in webhook.texts[0]) is not is_held
    assert {reason: len(held) for reason, held in told.held.items()} == ({"notify.quiet": 1} if is_held else {})
    tell(home, now=quiet(FIRST + DAY, "13:00"))
    assert len(ids(webhook)) == len(set(ids(webhook))) == 2


def test_a_critical_alert_that_ends_at_night_can_wait(home, webhook):
    publish(home, FIRST, [alert(severity="critical")], {"NTF-007": NIGHT})
    tell(home)
    publish(home, FIRST + DAY, [alert(severity="critical", closed=FIRST + DAY)], {"NTF-007": NIGHT})
    assert of(tell(home, now=quiet(FIRST + 2 * DAY, "02:00")), "NTF-007").sent == 0
    assert of(tell(home, now=quiet(FIRST + 2 * DAY, "09:00")), "NTF-007").sent == 1


def test_days_off_hold_until_the_next_workday(home, webhook):
    off = [FIRST + DAY, FIRST + 2 * DAY]
    row = {"NTF-007": {"holds_on_days_off": 1, "quiet_passes": "critical"}}
    publish(home, FIRST, [alert(), alert("L2", severity="critical")], row, off)
    told = of(tell(home, now=quiet(off[0], "10:00")), "NTF-007")
    assert told.sent == 1 and list(told.held) == ["notify.day_off"]
    assert of(tell(home, now=quiet(off[1], "23:59")), "NTF-007").sent == 0
    assert of(tell(home, now=quiet(off[1] + DAY, "00:00")), "NTF-007").sent == 1


def test_beyond_the_known_calendar_nothing_is_held(home, webhook):
    publish(home, FIRST, [alert()], {"NTF-007": {"holds_on_days_off": 1}})
    assert of(tell(home, now=quiet(FIRST + 365 * DAY, "10:00")), "NTF-007").sent == 1


# Who hears what ---------------------------------------------------------------------------------------


def test_severity_event_and_role_choose_the_channel(home, webhook, monkeypatch, mailbox):
    mail = f"mailto://127.0.0.1:{mailbox.port}/?from=a@leadhouse.example&to=boss@leadhouse.example"
    monkeypatch.setenv("LEADHOUSE_NOTIFY_MAIL_MANAGER", mail)
    rows = {"NTF-007": {"notify_roles": "sales_manager"}}
    publish(home, FIRST, [alert("L1"), alert("L2", role="sales_manager")], rows)
    tell(home)
    assert len(ids(webhook)) == 1 and "欧阳静" in webhook.texts[0]
    assert mailbox.got == []
    # It rises: the manager, who takes critical alerts only, hears of it for the first time, as of a rise.
    publish(home, FIRST + DAY, [alert("L1", severity="critical"), alert("L2", role="sales_manager")], rows)
    tell(home)
    assert len(mailbox.got) == 1 and "升级" in mailbox.got[0].get_body(("plain", "html")).get_content()
    publish(home, FIRST + 2 * DAY, [alert("L1", severity="warning", closed=FIRST + 2 * DAY)], rows)
    tell(home)
    assert len(mailbox.got) == 1


def test_who_heard_of_it_as_critical_hears_of_its_end(home, webhook):
    rows = {"NTF-007": {"severities": "critical"}}
    publish(home, FIRST, [alert(severity="critical")], rows)
    tell(home)
    publish(home, FIRST + DAY, [alert(severity="warning", closed=FIRST + DAY)], rows)
    tell(home)
    assert "Closed" in webhook.texts[1]


def test_a_digest_is_bounded_and_loses_nothing(home, webhook):
    kinds = ("score_plunge", "stagnation", "band_drop")
    alerts = [alert(f"L{n}", kind, severity="critical" if n == 7 else "warning") for n in range(1, 11) for kind in kinds]
    publish(home, FIRST, alerts, {"NTF-007": {"max_alerts": 8, "max_bytes": 1500}})
    tell(home)
    assert len(ids(webhook)) == len(set(ids(webhook))) == 30
    assert all(len(f"{got['title']}\r\n{got['message']}".encode()) <= 1500 for got in webhook.got)
    assert max(len(ID.findall(text)) for text in webhook.texts) <= 8
    assert webhook.texts[0].count("Critical") == 3
    assert re.fullmatch(r"Leadhouse: [0-9] alerts?, 2026-11-16 \(1 of [0-9]+\)", webhook.got[0]["title"])


def test_a_retired_channel_is_silent(home, webhook):
    publish(home, FIRST, [alert()], {"NTF-007": {"status": "retired"}})
    notification = tell(home)
    assert webhook.got == [] and notification.unnamed == ["LEADHOUSE_NOTIFY_WEBHOOK"]


# Words and secrets ------------------------------------------------------------------------------------


def test_names_from_outside_call_nobody_and_link_nowhere(home, webhook):
    publish(home, FIRST, [alert("L4"), alert("L3")])
    tell(home)
    text = webhook.texts[0]
    assert "＠all ＜b＞买＜/b＞ 编号 000" in text and "http:" not in text and "](" not in text
    assert "Lead L3" in text


def test_chinese_arrives_whole_in_http(home, webhook):
    publish(home, FIRST, [alert()])
    tell(home, lang="zh")
    assert webhook.got[0]["title"] == "Leadhouse 预警 1 条 2026-11-16"
    assert webhook.texts[0].split("\n")[:4] == [
        "【警告】评分骤降 · 新开",
        "王伟，苏州启航精密机械有限公司、A 级 81 分",
        "评分骤降、−16.3 分、原因：行为变化",
        "开始于 2026-11-16、负责人 李娜、通知 负责人",
    ]


@pytest.mark.parametrize("style", ["", "&format=html"])
def test_chinese_arrives_whole_in_mail(style, home, mailbox: Mailbox, monkeypatch):
    monkeypatch.setenv(
        "LEADHOUSE_NOTIFY_MAIL",
        f"mailto://127.0.0.1:{mailbox.port}/?from=a@leadhouse.example&to=ops@leadhouse.example{style}",
    )
    publish(home, FIRST, [alert(), alert("L4")])
    assert of(tell(home), "NTF-005").sent == 2
    (mail,) = mailbox.got
    assert mail["subject"] == "Leadhouse 预警 2 条 2026-11-16"
    body = mail.get_body(("html",) if style else ("plain",)).get_content()
    assert "王伟，苏州启航精密机械有限公司" in body and "编号" in body and "<b>买" not in body


@pytest.mark.parametrize(
    ("variable", "address", "plugin", "read"),
    [
        ("LEADHOUSE_NOTIFY_WECOM", "wecombot://abcd-ef", "wecombot.NotifyWeComBot", lambda got: got["text"]["content"]),
        ("LEADHOUSE_NOTIFY_DINGTALK", f"dingtalk://{'a1' * 32}", "dingtalk.NotifyDingTalk", lambda got: got["text"]["content"]),
        ("LEADHOUSE_NOTIFY_FEISHU", "feishu://abcdefgh12", "feishu.NotifyFeishu", lambda got: got["content"]["text"]),
    ],
)
def test_chat_services_get_their_own_shape_and_may_say_no(variable, address, plugin, read, home, receiver, monkeypatch):
    # Their addresses are fixed in apprise, so the plugin is pointed here; the request is the real one.
    module, name = plugin.split(".")
    service = getattr(pytest.importorskip(f"apprise.plugins.{module}"), name)
    monkeypatch.setattr(service, "notify_url", f"http://127.0.0.1:{receiver.port}/send")
    monkeypatch.setattr(service, "request_rate_per_sec", 0)
    monkeypatch.setenv(variable, address)
    no_wait = {f"NTF-00{n}": {"retries": 0, "retry_wait_seconds": 0} for n in (1, 2, 3)}
    publish(home, FIRST, [alert()], no_wait)
    # A wrong key or too many messages: status 200, and a number that is not 0. That is a no.
    receiver.answers = [(200, b'{"errcode": 45009, "code": 45009, "errmsg": "freq limit"}')]
    (failed,) = tell(home).failed
    assert failed.problem == "it answered with code 45009"
    receiver.otherwise = (200, b'{"errcode": 0, "code": 0, "errmsg": "ok"}')
    assert tell(home).failed == []
    assert len(receiver.got) == 2
    text = read(receiver.got[1])
    assert "【警告】评分骤降 · 新开\n王伟，苏州启航精密机械有限公司" in text and "Leadhouse 预警 1 条" in text
    assert len(text.encode()) <= 2048
    tell(home)
    assert len(receiver.got) == 2


@pytest.mark.parametrize("fault", ["refused", "down", "broken", "wrong service"])
def test_no_secret_is_ever_printed(fault, home, webhook, monkeypatch, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    publish(home, FIRST, [alert()], QUICK)
    webhook.otherwise = (401, b"t0psecret is wrong")
    if fault == "down":
        webhook.close()
        monkeypatch.setattr(webhook, "close", lambda: None)
    elif fault == "broken":
        monkeypatch.setenv("LEADHOUSE_NOTIFY_WEBHOOK", "json://reader:s3cretpass@:bad port:/t0psecret")
    elif fault == "wrong service":
        monkeypatch.setenv("LEADHOUSE_NOTIFY_WEBHOOK", "dingtalk://reader@t0psecrets3cretpass")
    monkeypatch.setenv("LEADHOUSE_HOME", str(home))
    result = CliRunner().invoke(app, ["notify"])
    printed = result.output + caplog.text + "".join(capsys.readouterr()) + repr(tell(home))
    assert result.exit_code == 1 and "1 notice not sent" in result.output
    assert not [secret for secret in SECRETS if secret in printed]
    assert all(secret.encode() not in (home / "outbox" / "notifications.sqlite").read_bytes() for secret in SECRETS)


# The command ------------------------------------------------------------------------------------------


def test_a_dry_run_says_what_would_go_where_and_changes_nothing(home, webhook, monkeypatch):
    monkeypatch.setenv("LEADHOUSE_HOME", str(home))
    monkeypatch.setenv("LEADHOUSE_NOTIFY_WEBHOK", "json://127.0.0.1/")
    always = {"quiet_from": "00:00", "quiet_to": "23:59", "quiet_passes": "critical"}
    publish(home, FIRST, [alert("L1"), alert("L2", severity="critical")], {"NTF-007": always})
    result = CliRunner().invoke(app, ["notify", "--dry-run", "--lang", "zh"])
    assert result.exit_code == 0, result.output
    assert "NTF-007 自有系统: would send 1 notice in 1 message(s)" in result.output
    assert "【严重】评分骤降 · 新开" in result.output and "1 notice held back: quiet hours, 00:00 to 23:59" in result.output
    assert "Skipped, no address is set: 企业微信群 (LEADHOUSE_NOTIFY_WECOM)" in result.output
    assert "LEADHOUSE_NOTIFY_WEBHOK is set, but no row" in result.output
    assert webhook.raw == [] and not (home / "outbox").exists()


def test_without_an_address_the_command_says_so_and_is_content(home, monkeypatch):
    monkeypatch.setenv("LEADHOUSE_HOME", str(home))
    publish(home, FIRST, [alert()])
    result = CliRunner().invoke(app, ["notify"])
    assert result.exit_code == 0 and "Skipped, no address is set" in result.output


def test_without_a_publication_it_says_what_to_do(home, monkeypatch):
    monkeypatch.setenv("LEADHOUSE_HOME", str(home))
    result = CliRunner().invoke(app, ["notify"])
    assert result.exit_code == 1 and "leadhouse run" in result.output


def test_two_at_a_time_do_not_both_send(home, webhook, monkeypatch):
    monkeypatch.setenv("LEADHOUSE_HOME", str(home))
    publish(home, FIRST, [alert()])
    program = (
        "import sys, time\nfrom pathlib import Path\nfrom orchestration.notifying.notify import notify\n"
        "def on_step(name):\n    if name == 'send':\n        print('here', flush=True)\n        time.sleep(30)\n"
        f"notify(Path({str(home)!r}), on_step=on_step)\n"
    )
    first = subprocess.Popen(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
    )
    try:
        assert first.stdout.readline() == "here\n"
        second = CliRunner().invoke(app, ["notify"])
        assert second.exit_code == 4 and f"process {first.pid}" in second.output
    finally:
        first.kill()
        first.wait()
    assert webhook.got == []
    tell(home, now=NOW + timedelta(hours=1))
    assert len(ids(webhook)) == 1
