"""Time the whole job at any size: the demo's deliveries, first load, next day, new weights, replay.

    .venv/bin/python benchmarks/whole_job.py --leads 10000                 # one size
    .venv/bin/python benchmarks/whole_job.py --leads 2000 10000 50000      # how it grows

Each step is a process of its own, as a user starts it, so that seconds, processor time and peak memory are
its own. Everything is quoted as a multiple of the floor, measured in the same house: one statement that reads
the raw Parquet of all touches once and groups them by who, type and day.

The first load computes a day-end and the seven days before it, with every check, publishes and reports. The
next day takes what was delivered since. Layers are the sums of what dbt says of their models and checks, in a
build of the same house without publishing; models run side by side, so the sums exceed the build's seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from math import log
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parents[1]
# Feeds of touches: when, and what kind.
TOUCHES = {
    "web_events": ("occurred_at", "event_type"),
    "wechat_events": ("occurred_at", "event_type"),
    "wecom_events": ("occurred_at", "event_type"),
    "message_events": ("occurred_at", "event_type"),
    "content_downloads": ("occurred_at", "event_type"),
    "event_participations": ("occurred_at", "event_type"),
    "form_submissions": ("submitted_at", "form_purpose"),
    "chat_messages": ("sent_at", "sender_side"),
    "sales_activities": ("occurred_at", "activity_type"),
}
WHO = "coalesce(lead_ref, visitor_id, email, phone, openid, external_userid)"
# What a change of weights reaches; points, tags and everything left of them stand.
NEW_WEIGHTS = (
    "rul_scoring__dimensions",
    "int_scoring__segment_dimensions",
    "int_scoring__dimension_scores",
    "int_scoring__lead_totals",
    "int_scoring__lead_scores",
    "int_scoring__contributions",
)
EXPONENTS = ("first load", "next day", "new weights", "replay of a day")


@dataclass(frozen=True)
class Step:
    """One process: seconds on the clock and of the processor (user and system), peak memory."""

    name: str
    wall_s: float
    cpu_s: float
    peak_gb: float


def main() -> None:
    """Time each size, print a line per step, write the table and the figures."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--leads", type=int, nargs="+", default=[10_000], help="sizes, small to large")
    options.add_argument("--folder", type=Path, default=Path("var/bench"), help="where the houses are made")
    options.add_argument("--out", type=Path, help="file for the figures, JSON")
    options.add_argument("--build", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.build:
        build(asked.build)
        return
    measured = [measure(asked.folder / str(leads), leads) for leads in asked.leads]
    for one in measured:
        print(table(one), flush=True)
    if len(measured) > 1:
        print(growth(measured))
    if asked.out:
        asked.out.write_text(json.dumps(measured, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def measure(home: Path, leads: int) -> dict:
    """Make a house of some leads and time every step in it.

    Args:
        home: a folder that is made anew.
        leads: people in the CRM of the demo company.

    Returns:
        Steps, layers, floor and sizes as JSON values.

    Raises:
        SystemExit: a step failed; its output was printed.
    """
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    steps = [step(home, "deliveries written", "demo", "--leads", str(leads))]
    last = last_day(home, steps)
    steps.append(step(home, "first load", "run", "--as-of", str(last - timedelta(days=1))))
    steps.append(step(home, "next day", "run", "--as-of", str(last)))
    steps.append(step(home, "replay of a day", "replay", "--as-of", str(last)))
    steps.append(step(home, "build alone", build_of=home))
    layers = json.loads((home / "layers.json").read_text(encoding="utf-8"))
    raw = home / "lake" / "raw"
    return {
        "leads": leads,
        "touches": touches(raw),
        "floor_s": round(floor(raw), 3),
        "steps": [asdict(one) for one in steps],
        "new_weights_s": layers.pop("new weights"),
        "layers_s": layers,
        "lake_mb": round(sum(path.stat().st_size for path in raw.rglob("*.parquet")) / 1e6, 1),
        "warehouse_mb": round((home / "warehouse.duckdb").stat().st_size / 1e6, 1),
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}, DuckDB {duckdb.__version__}",
    }


def step(home: Path, name: str, *arguments: str, build_of: Path | None = None) -> Step:
    """Run the command (or this file's own build) in a process of its own and measure it.

    Raises:
        SystemExit: it failed.
    """
    command = [sys.executable, "-m", "orchestration", *arguments]
    if build_of:
        command = [sys.executable, str(Path(__file__).resolve()), "--build", str(build_of)]
    env = os.environ | {"LEADHOUSE_HOME": str(home.resolve()), "PYTHONPATH": str(ROOT)}
    log = home / "bench.log"
    started = time.perf_counter()
    with log.open("ab") as output:
        process = subprocess.Popen(command, env=env, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    if process.returncode:
        raise SystemExit(f"{name} failed; the end of {log}:\n{log.read_text(errors='replace')[-3000:]}")
    print(f"{name}: {wall:.1f} s", file=sys.stderr, flush=True)
    return Step(
        name, round(wall, 1), round(used.ru_utime + used.ru_stime, 1), round(used.ru_maxrss / 1024**2, 2)
    )


def last_day(home: Path, steps: list[Step]) -> date:
    """The last day-end that the deliveries complete: they are taken in, and nothing is computed.

    Args:
        home: a house with deliveries.
        steps: gets the step that takes them in.
    """
    from orchestration.house import House
    from orchestration.warehouse.day_ends import LakeState, last_complete_day_end

    os.environ["LEADHOUSE_HOME"] = str(home.resolve())
    house = House.default()
    code = (
        "from orchestration.house import House; from orchestration.ingestion.run import ensure_lake, ingest; "
        "h = House.default(); ensure_lake(h.home); r = ingest(h.connections, h.home); "
        "raise SystemExit(0 if r.ok else 1)"
    )
    started = time.perf_counter()
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, "-c", code], env=env, cwd=ROOT)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    if process.returncode:
        raise SystemExit("the deliveries could not be taken in")
    cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024**2
    steps.append(Step("taken in", round(wall, 1), round(cpu, 1), round(peak, 2)))
    return last_complete_day_end(LakeState.read(home), house.settings)


def build(home: Path) -> None:
    """Build the last day-end again with all days of its history and all checks, then what new weights reach.

    Seconds by layer go to `layers.json` in the house.
    """
    os.environ["LEADHOUSE_HOME"] = str(home.resolve())
    from orchestration.house import House
    from orchestration.publishing.manifest import last_publication

    house = House.default()
    last = last_publication(house.home).inputs.as_of_date
    variables = {"as_of_date": last, "history_days": house.settings.history_days}
    seconds: Counter[str] = Counter()
    events = house.dbt.stream_build((), variables)
    while True:
        try:
            event = next(events)
        except StopIteration as stop:
            outcome = stop.value
            break
        if event["info"]["name"] in ("LogModelResult", "LogSeedResult", "LogTestResult"):
            node = event["data"]["node_info"]
            kind = {"seed": "rules", "test": "checks"}.get(node["resource_type"])
            seconds[kind or node["node_path"].split("/")[0]] += float(event["data"]["execution_time"])
    started = time.perf_counter()
    again = house.dbt.build(("--select", *NEW_WEIGHTS), variables)
    seconds["new weights"] = time.perf_counter() - started
    for one in (outcome, again):
        if not one.is_green:
            raise SystemExit(one.explanation())
    values = {name: round(value, 1) for name, value in seconds.items()}
    (home / "layers.json").write_text(json.dumps(values), encoding="utf-8")


def floor(raw: Path) -> float:
    """Seconds of one statement that reads the touches in the raw lake once and groups them, two threads."""
    reads = [
        f"select {WHO} as who, '{feed}' || coalesce({kind}, '') as kind, cast({when} as date) as day "
        f"from read_parquet('{raw}/{feed}/**/*.parquet', union_by_name = true)"
        for feed, (when, kind) in TOUCHES.items()
    ]
    with duckdb.connect() as con:
        con.execute("set threads = 2")
        started = time.perf_counter()
        con.execute(
            "create temp table floor as select who, kind, day, count(*) as touches "
            f"from ({' union all '.join(reads)}) group by all"
        )
        return time.perf_counter() - started


def touches(raw: Path) -> int:
    """How many touches the raw lake holds."""
    with duckdb.connect() as con:
        counts = [
            con.execute(f"select count(*) from read_parquet('{raw}/{feed}/**/*.parquet')").fetchone()[0]
            for feed in TOUCHES
        ]
    return sum(counts)


def table(one: dict) -> str:
    """The figures of one size as Markdown."""
    lines = [
        f"\n{one['leads']} leads, {one['touches']} touches, lake {one['lake_mb']} MB, "
        f"warehouse {one['warehouse_mb']} MB, floor {one['floor_s']} s ({one['machine']})",
        "",
        "| step | seconds | user + system | peak memory, GB | × floor |",
        "|---|---|---|---|---|",
    ]
    for step_of in one["steps"]:
        ratio = round(step_of["wall_s"] / one["floor_s"])
        lines.append(
            f"| {step_of['name']} | {step_of['wall_s']} | {step_of['cpu_s']} "
            f"| {step_of['peak_gb']} | {ratio} |"
        )
    weights = one["new_weights_s"]
    lines.append(
        f"| new weights (part of the build alone) | {weights} | | | {round(weights / one['floor_s'])} |"
    )
    layers = ", ".join(f"{name} {seconds}" for name, seconds in one["layers_s"].items())
    lines.append(f"\nSeconds by layer, added up over models that run side by side: {layers}.")
    return "\n".join(lines)


def growth(measured: list[dict]) -> str:
    """How seconds grow from the smallest to the largest size, as exponents of the number of leads."""
    first, last = measured[0], measured[-1]
    factor = log(last["leads"] / first["leads"])
    lines = ["\n| step | exponent of time |", "|---|---|"]
    for name in EXPONENTS:
        times = [seconds_of(one, name) for one in (first, last)]
        lines.append(f"| {name} | {log(times[1] / times[0]) / factor:.2f} |")
    return "\n".join(lines)


def seconds_of(one: dict, name: str) -> float:
    """Seconds of a step."""
    if name == "new weights":
        return one["new_weights_s"]
    return next(step_of["wall_s"] for step_of in one["steps"] if step_of["name"] == name)


if __name__ == "__main__":
    main()
