"""R15: the same deliveries give the same marts, on one thread or two, in whatever order the files lie in the folder."""

from __future__ import annotations

import json
import random
import shutil

import pytest
from conftest import leadhouse

pytestmark = pytest.mark.slow


def fingerprints(home) -> dict:
    return json.loads((home / "serving" / "published.json").read_text(encoding="utf-8"))["fingerprints"]


def test_second_run_with_nothing_new_computes_nothing(demo):
    """Same fingerprints, receipts logged again, nothing built."""
    before = fingerprints(demo.home)
    again = leadhouse(demo.home, "run")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "nothing new" in again.stdout.lower()
    assert fingerprints(demo.home) == before


def test_one_thread_and_shuffled_files_give_the_same_fingerprints(demo, tmp_path):
    home = tmp_path / "var"
    files = sorted(path for path in (demo.home / "landing").rglob("*") if path.is_file())
    random.Random(3).shuffle(files)
    for path in files:
        copy = home / "landing" / path.relative_to(demo.home / "landing")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    run = leadhouse(home, "run", LEADHOUSE_THREADS="1")
    assert run.returncode == 0, run.stdout + run.stderr
    assert fingerprints(home) == fingerprints(demo.home)
