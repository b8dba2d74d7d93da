from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from receivers import Mailbox, Receiver

WEBHOOK = "LEADHOUSE_NOTIFY_WEBHOOK"


@pytest.fixture(autouse=True)
def no_channels(monkeypatch: pytest.MonkeyPatch) -> None:
    """The channels of whoever runs the tests hear nothing, and no proxy stands before this machine."""
    for name in list(os.environ):
        if name.startswith("LEADHOUSE_NOTIFY_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver()
    yield server
    server.close()


@pytest.fixture
def webhook(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Receiver:
    """A receiver that is the webhook of NTF-007."""
    monkeypatch.setenv(WEBHOOK, f"json://reader:s3cretpass@127.0.0.1:{receiver.port}/hook/t0psecret")
    return receiver


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    server = Mailbox()
    yield server
    server.close()
