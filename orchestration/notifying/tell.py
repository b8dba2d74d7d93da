"""What a notification did, or would do, for a person at a terminal."""

from __future__ import annotations

from rich.console import Console

from orchestration.notifying.notify import Notification, Told
from orchestration.reporting.labels import sentence


def tell_notification(console: Console, notification: Notification) -> None:
    """Print what became of each channel; of a dry run also the messages. No address is ever printed."""

    def say(text: str, style: str = "") -> None:
        console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)

    if not notification.told:
        say("! The published rules name no channel (rule_anomaly__notifications).", "yellow")
    unset = [told.channel for told in notification.told if not told.is_set]
    for told in notification.told:
        if told.is_set:
            _tell_one(say, notification, told)
    if unset:
        names = ", ".join(f"{channel.label} ({channel.url_variable})" for channel in unset)
        say(f"Skipped, no address is set: {names}")
    for name in notification.unnamed:
        say(f"! {name} is set, but no row of rule_anomaly__notifications names it.", "yellow")


def _tell_one(say, notification: Notification, told: Told) -> None:
    channel = told.channel
    name = f"{channel.rule_id} {channel.label}"
    notices = sum(len(message.notices) for message in told.messages)
    if notification.is_trial:
        say(f"{name}: would send {_count(notices)} in {len(told.messages)} message(s)")
        for message in told.messages:
            text = f"\n{message.title}\n\n{message.body}\n"
            say("\n".join(f"  {line}".rstrip() for line in text.split("\n")))
    else:
        say(f"{name}: sent {_count(told.sent)}")
    for reason, held in told.held.items():
        why = sentence(
            "en",
            reason,
            from_time=channel.quiet_from and f"{channel.quiet_from:%H:%M}",
            to_time=channel.quiet_to and f"{channel.quiet_to:%H:%M}",
        )
        say(f"{name}: {_count(len(held))} held back: {why}")
    if told.problem:
        say(f"! {name}: {_count(told.unsent)} not sent: {told.problem}. The next run tries again.", "yellow")


def _count(n: int) -> str:
    return f"{n} notice{'' if n == 1 else 's'}"
