"""A small house: one connection, two deliveries, computed and published once for all tests that look at it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

CONNECTION = """\
system: crm
feed: crm_leads
path: crm/leads_*.csv
timezone: Asia/Shanghai
delivery: snapshot
known_at: {file_name: '_([0-9]{4}-[0-9]{2}-[0-9]{2})[.]', format: '%Y-%m-%d'}
columns:
  lead_id: id
  person_name: name
  company_name: company
  job_title: title
  email: mail
  mobile: phone
  created_at: created
"""
HEADER = "id,name,company,title,mail,phone,created\n"
LEADS = [
    "1,张伟,上海启明科技有限公司,总经理,zhang@qiming-tech.cn,13812340001,2026-02-01 10:00:00\n",
    "2,李娜,北京远航软件有限公司,市场总监,li@yuanhang-soft.cn,13812340002,2026-02-03 10:00:00\n",
    "3,Ann Lee,Acme Ltd,Head of Marketing,ann@acme-tools.com,,2026-02-05 10:00:00\n",
]


@dataclass(frozen=True)
class SmallHouse:
    """A folder of state, its connections, and a way to run the command on it."""

    home: Path
    connections: Path

    @property
    def serving(self) -> Path:
        return self.home / "serving" / "leadhouse.duckdb"

    def deliver(self, day: str, *lines: str) -> Path:
        """Put a CRM export down that became known at the start of a day in Shanghai."""
        path = self.home / "landing" / "crm" / f"leads_{day}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEADER + "".join(lines), encoding="utf-8")
        return path

    def leadhouse(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command; output without a terminal."""
        env = os.environ | {"LEADHOUSE_HOME": str(self.home), "LEADHOUSE_CONNECTIONS": str(self.connections)}
        command = [sys.executable, "-m", "orchestration", *arguments]
        return subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)

    def copy(self, folder: Path) -> SmallHouse:
        """The same house elsewhere, free to be changed."""
        shutil.copytree(self.home, folder / "var", symlinks=True)
        shutil.copytree(self.connections, folder / "connections")
        return SmallHouse(folder / "var", folder / "connections")


def build_house(folder: Path) -> SmallHouse:
    house = SmallHouse(folder / "var", folder / "connections")
    house.connections.mkdir(parents=True)
    (house.connections / "crm_leads.yml").write_text(CONNECTION, encoding="utf-8")
    house.deliver("2026-02-10", *LEADS[:2])
    house.deliver("2026-03-02", *LEADS)
    return house


@pytest.fixture
def house(tmp_path: Path) -> SmallHouse:
    """Delivered, nothing run."""
    return build_house(tmp_path)


@dataclass(frozen=True)
class Published:
    """The house after its first run, and what that run said."""

    house: SmallHouse
    first_run: subprocess.CompletedProcess[str]


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    house = build_house(tmp_path_factory.mktemp("small"))
    return Published(house, house.leadhouse("run"))
