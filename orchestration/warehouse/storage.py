"""Files that are either wholly there or not at all, also after a power cut."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def sync_file(path: Path) -> None:
    """Wait until a file's (or folder's) content is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(new: Path, target: Path) -> None:
    """Put `new` in the place of `target` in one step. Who has the old file open keeps it."""
    sync_file(new)
    os.replace(new, target)
    sync_file(target.parent)


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give the path of a draft that takes the place of `target` when the block ends.

    After an error the old file stays and the draft goes. Each process has a draft of its own, and a glob
    for the suffix of the target does not find it.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        yield draft
        replace_file(draft, target)
    finally:
        draft.unlink(missing_ok=True)


def write_json(path: Path, values: dict[str, Any]) -> None:
    """Write a JSON file in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".next")
    new.write_text(json.dumps(values, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    replace_file(new, path)
