"""The parsed dbt project, once for all convention tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = ROOT / "dbt_project"


@pytest.fixture(scope="session")
def manifest(tmp_path_factory) -> dict:
    home = tmp_path_factory.mktemp("conventions")
    env = os.environ | {
        "LEADHOUSE_HOME": str(home),
        "DBT_TARGET_PATH": str(home / "target"),
        "DBT_LOG_PATH": str(home / "logs"),
    }
    command = [str(Path(sys.executable).with_name("dbt")), "parse", "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    run = subprocess.run(command, env=env, capture_output=True, text=True, cwd=PROJECT)
    assert run.returncode == 0, run.stdout + run.stderr
    return json.loads((home / "target" / "manifest.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def models(manifest) -> dict[str, dict]:
    return {node["name"]: node for node in manifest["nodes"].values() if node["resource_type"] == "model"}


@pytest.fixture(scope="session")
def model_files() -> dict[str, str]:
    return {
        str(path.relative_to(PROJECT)): path.read_text(encoding="utf-8")
        for path in sorted((PROJECT / "models").rglob("*.sql"))
    }
