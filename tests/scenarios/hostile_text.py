"""Text that breaks careless code, in every field of every feed, as one story."""

from __future__ import annotations

from world import Story

from orchestration.ingestion.contracts import load_contracts

HAPPENED, KNOWN = "2026-11-18 10:00:00", "2026-11-18 10:10:00"
# Touches of kinds that the rules know, so that they reach the trail of the leads.
SOUND = {
    "web_events": {"event_type": "page_view"},
    "wechat_events": {"event_type": "menu_click"},
    "form_submissions": {"form_purpose": "demo_request"},
    "content_downloads": {"event_type": "download"},
    "message_events": {"message_channel": "email", "event_type": "clicked"},
    "share_links": {"event_type": "poster_shared"},
    "sales_activities": {"activity_type": "call", "outcome": "connected"},
    "crm_opportunities": {"stage": "proposal"},
    "sales_feedback": {"outcome": "accepted"},
    "consents": {"consent_channel": "email", "consent_status": "granted"},
    "lead_operations": {"operation": "hand_over"},
}
HOSTILE = [
    "'; drop schema marts cascade; --",
    "' || (select 1/0) || '",
    "{{ 1/0 }}{% raw %}${x}%s%d{0}",
    "=cmd|'/c calc'!A1",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "\t=1+1",
    "<script>alert(1)</script>",
    "a\x00b\x00",
    "\x00",
    "\x01\x02\x07\x1b[31m\x7f",
    "line\r\nbreak\u2028and\u2029more",
    "\u202egnp.exe\u202c",
    "\u200b\u200d\ufeff",
    "👨‍👩‍👧‍👦🇨🇳🏳️‍🌈",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
    "\U0010ffff\ue000",
    "ﷺ" * 50,
    '{"a": [null, "\\u0000"]}',
    "\\",
    "%' or 1=1 --",
    "(((((((((((((((((((((((((((((((((((((((((((([[[[[[[[[[*+?{",
    "1e400",
    "-0",
    "NaN",
    "9999-99-99 99:99:99",
    "0000-00-00",
    "张" * 20_000,
    "a@" + "b." * 5_000 + "cn",
    "1" * 5_000,
]


def hostile_story() -> Story:
    """Each text in each field of each feed, a third of the fields at a time; the other fields of the record are sound."""
    rows: dict[str, list[dict[str, str]]] = {}
    for feed in load_contracts().feeds.values():
        sound = {column.name: "2026-11-18 10:00:00" if column.data_type == "timestamp" else "sound" for column in feed.columns if column.required}
        sound |= {feed.occurred_at: HAPPENED, "known_at": KNOWN} | SOUND.get(feed.name, {})
        fields = [column.name for column in feed.columns]
        of_feed = rows.setdefault(feed.name, [])
        for number, text in enumerate(HOSTILE):
            for part in range(3):
                chosen = [name for place, name in enumerate(fields) if place % 3 == part]
                record = sound | {name: text for name in chosen}
                # A key that is the same text twice would be one record.
                record[feed.key] = f"{text}{number}-{part}" if feed.key in chosen else f"hostile-{number}-{part}"
                of_feed.append(record)
    return Story("hostile", "", [], rows, [])
