"""Sends a message through apprise. No address, token or password leaves this module, not even in an error."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from orchestration.notifying.channels import Channel
from orchestration.notifying.words import Message

# What the address of a service may begin with; https is for the addresses that the services themselves show.
SCHEMES = {
    "wecom": ("wecombot",),
    "dingtalk": ("dingtalk",),
    "feishu": ("feishu", "lark"),
    "slack": ("slack",),
    "mail": ("mailto", "mailtos"),
    "webhook": ("json", "jsons", "form", "forms", "xml", "xmls"),
}
# These say no with status 200 and a number of their own, of which apprise knows nothing.
_ANSWER_CODES = {"wecom": "errcode", "dingtalk": "errcode", "feishu": "code"}
_REFUSED = 424
# A slow service that gave no answer in time would get the message again.
_SECONDS_FOR_AN_ANSWER = 30.0
# They log addresses.
_TALKATIVE = ("apprise", "urllib3", "urllib3.connectionpool", "requests")


class NotSentError(Exception):
    """A message was not taken; the text names no secret.

    `may_have_arrived`: it left and nobody said what became of it.
    """

    def __init__(self, reason: str, may_have_arrived: bool = False) -> None:
        super().__init__(reason)
        self.may_have_arrived = may_have_arrived


class NoAppriseError(Exception):
    """Apprise, the library that talks to the services, is not installed."""


def connect(channel: Channel) -> Any:
    """Return apprise's service behind a channel.

    Raises:
        NoAppriseError: apprise is not installed.
        NotSentError: the variable does not hold an address of the channel's kind.
    """
    try:
        import apprise
    except ImportError:
        raise NoAppriseError(
            "Channels are set, but apprise is not installed: pip install 'leadhouse[notify]'."
        ) from None
    asset = apprise.AppriseAsset(
        app_id="Leadhouse", app_desc="Leadhouse", default_service_retry=0, async_mode=False
    )
    allowed = SCHEMES[channel.service]
    with _silence():
        try:
            service = apprise.Apprise.instantiate(channel.url, asset=asset)
        except Exception:
            service = None
    if service is None or not _schemes(service) & set(allowed):
        raise NotSentError(
            f"{channel.url_variable} does not hold an address that begins with {allowed[0]}:// "
            "and is complete; see apprise's page of the service"
        )
    service.retry, service.wait = channel.retries, float(channel.retry_wait_seconds)
    service.socket_read_timeout = _SECONDS_FOR_AN_ANSWER
    return service


def send(service: Any, channel: Channel, message: Message) -> None:
    """Send one message, as often as the channel's row says; return when the service took it.

    Raises:
        NotSentError: it did not; the text says how it answered.
    """
    import apprise

    receiver = apprise.Apprise()
    receiver.add(service)
    with _silence(), _answers(_ANSWER_CODES.get(channel.service)) as answered:
        try:
            is_sent = bool(
                receiver.notify(body=message.body, title=message.title, body_format=apprise.NotifyFormat.TEXT)
            )
        except Exception:
            is_sent = False
    if not is_sent:
        raise NotSentError(
            answered.words[-1] if answered.words else "no answer, or the login was refused",
            answered.is_unsure,
        )


def _schemes(service: Any) -> set[str]:
    found: set[str] = set()
    for value in (service.protocol, service.secure_protocol):
        found.update([value] if isinstance(value, str) else value or ())
    return found


@dataclass
class _Answered:
    words: list[str] = field(default_factory=list)
    is_unsure: bool = False


@contextmanager
def _answers(code_name: str | None) -> Iterator[_Answered]:
    """Collect how the service answered; a no with status 200 becomes a status that apprise takes for a no."""
    import requests

    answered = _Answered()

    def listen(session: requests.Session, *arguments: Any, **options: Any) -> requests.Response:
        try:
            response = plain(session, *arguments, **options)
        except requests.RequestException as error:
            if not _never_left(error):
                answered.is_unsure = True
                answered.words.append("it gave no answer to the message")
            raise
        code = _refusal(response, code_name) if response.ok and code_name else 0
        if code:
            response.status_code = _REFUSED
            answered.words.append(f"it answered with code {code}")
        elif not response.ok:
            answered.words.append(f"it answered with status {response.status_code}")
        return response

    plain = requests.Session.send
    requests.Session.send = listen
    try:
        yield answered
    finally:
        requests.Session.send = plain


def _never_left(error: Exception) -> bool:
    """Tell whether there was no connection at all."""
    import requests
    from urllib3.exceptions import NewConnectionError

    reason = getattr(error.args[0], "reason", None) if error.args else None
    never = (requests.ConnectTimeout, requests.exceptions.SSLError, requests.exceptions.ProxyError)
    return isinstance(error, never) or isinstance(reason, NewConnectionError)


def _refusal(response: Any, code_name: str) -> int:
    try:
        code = response.json().get(code_name)
    except (ValueError, AttributeError):
        return 0
    return code if isinstance(code, int) else 0


@contextmanager
def _silence() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in _TALKATIVE]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, was_disabled in zip(loggers, before, strict=True):
            logger.disabled = was_disabled
