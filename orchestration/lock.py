"""One writer at a time: the command and Dagster share one lock file under LEADHOUSE_HOME."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout


class HouseIsBusyError(Exception):
    """Another process is writing to the same LEADHOUSE_HOME."""


@contextmanager
def house_lock(home: Path, purpose: str, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the only right to write under `home`. Reentrant within a process; freed by the system on a crash.

    Args:
        home: LEADHOUSE_HOME.
        purpose: what the holder is doing, shown to whoever finds the lock taken.
        wait_seconds: how long to wait for a holder to finish; 0 means not at all.

    Raises:
        HouseIsBusyError: the lock was not free in time; the message names the holder.
    """
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / "leadhouse.lock", is_singleton=True, thread_local=False)
    holder_file = home / "leadhouse.lock.holder.json"
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout:
        raise HouseIsBusyError(_holder(holder_file, home)) from None
    try:
        if lock.lock_counter == 1:
            holder = {
                "pid": os.getpid(),
                "purpose": purpose,
                "since": datetime.now(UTC).isoformat("T", "seconds"),
            }
            holder_file.write_text(json.dumps(holder), encoding="utf-8")
        yield
    finally:
        if lock.lock_counter == 1:
            holder_file.unlink(missing_ok=True)
        lock.release()


def _holder(holder_file: Path, home: Path) -> str:
    try:
        holder = json.loads(holder_file.read_text(encoding="utf-8"))
        who = f"process {holder['pid']} ({holder['purpose']}, since {holder['since']})"
    except (OSError, ValueError, KeyError):
        who = "another process"
    return (
        f"{home} is in use by {who}. Only one process may write at a time: "
        "wait for it to end, or set LEADHOUSE_HOME to another folder."
    )
