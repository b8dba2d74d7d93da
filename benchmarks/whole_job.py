"""Time the whole job at any size: the demo's deliveries, first load, next day, replay, new weights.

    .venv/bin/python benchmarks/whole_job.py --leads 10000                # one size
    .venv/bin/python benchmarks/whole_job.py --leads 100000 --write       # into docs/performance.md
    .venv/bin/python benchmarks/whole_job.py --leads 10000 --check        # against what is written there

Each step is a process of its own, as a user starts it, so that seconds, processor time and peak memory are
its own; layers are the sums of what dbt says of their models and checks in one build. Everything is quoted as
a multiple of the floor, measured in the same house: one statement that reads the raw Parquet of all touches
once and groups them by who, type and day.

The first load computes a day-end and the one before it with the whole ledger and all checks, publishes and
reports. For the next day the files of one more delivery day are laid into the landing folder; the command
takes them in, computes the day-end that they complete, checks, publishes and reports. New weights builds
again what a change of weights reaches.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import log
from pathlib import Path

import duckdb
from scoring_at_scale import SCORES, WEIGHTS

from orchestration.house import House
from orchestration.ingestion.run import ensure_lake, ingest
from orchestration.publishing.manifest import last_publication
from orchestration.warehouse.day_ends import LakeState, last_complete_day_end

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
PAGE = ROOT / "docs" / "performance.md"
FIGURES = ROOT / "benchmarks" / "whole_job.json"
# --check fails when a step takes so many times the recorded multiple of the floor, or the recorded memory.
# The floor of a small house is a few dozen milliseconds: compare sizes of 10 000 leads and more.
TOLERANCE = 1.3
# What the steps leave in a house for the next one.
LAST_DAY, LAYERS = "last_day", "layers.json"
MARK = "<!-- benchmarks/whole_job.py --write -->"


@dataclass(frozen=True)
class Step:
    """One process: seconds on the clock and of the processor (user and system), peak memory."""

    name: str
    wall_s: float
    cpu_s: float
    peak_gb: float


def main() -> None:
    """Time each size, print a table for each, write or check the record."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--leads", type=int, nargs="+", default=[10_000], help="sizes, small to large")
    options.add_argument("--folder", type=Path, default=Path("var/bench"), help="where the houses are made")
    options.add_argument("--write", action="store_true", help=f"write {FIGURES.name} and docs/{PAGE.name}")
    options.add_argument("--check", action="store_true", help="fail when a step got slower than recorded")
    options.add_argument("--inside", choices=("ingest", "layers", "weights"), help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.inside:
        {"ingest": take_in, "layers": build_layers, "weights": change_weights}[asked.inside]()
        return
    measured = [measure(asked.folder.resolve() / str(leads), leads) for leads in asked.leads]
    page = report(measured)
    print(page)
    if asked.check:
        complain(measured, json.loads(FIGURES.read_text(encoding="utf-8")))
    if asked.write:
        kept = with_the_record(measured, json.loads(FIGURES.read_text(encoding="utf-8")))
        FIGURES.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        head = PAGE.read_text(encoding="utf-8").split(MARK)[0]
        PAGE.write_text(f"{head}{MARK}\n\n{report(kept)}\n", encoding="utf-8")


def with_the_record(measured: list[dict], recorded: list[dict]) -> list[dict]:
    """What was measured now, and of other sizes what the record has, small to large."""
    by_size = {one["leads"]: one for one in (*recorded, *measured)}
    return [by_size[leads] for leads in sorted(by_size)]


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
    steps = [step(home, "deliveries written", command("demo", "--leads", str(leads)))]
    held_back = hold_back_the_last_day(home)
    steps.append(step(home, "taken in", inside("ingest")))
    last = date.fromisoformat((home / LAST_DAY).read_text(encoding="utf-8"))
    before, after = ((last + timedelta(days=days)).isoformat() for days in (-1, 1))
    steps.append(step(home, "first load", command("backfill", "--from", before, "--as-of", last.isoformat())))
    for held, place in held_back.items():
        held.rename(place)
    steps += [
        step(home, "next day", command("run", "--as-of", after)),
        step(home, "replay of a day", command("replay", "--as-of", after)),
        step(home, "all layers, two day-ends", inside("layers")),
        step(home, "new weights", inside("weights")),
    ]
    raw = home / "lake" / "raw"
    return {
        "leads": leads,
        "touches": touches(raw),
        "floor_s": round(floor(raw), 3),
        "steps": [asdict(one) for one in steps],
        "stages_s": stages_of_first_load(home),
        "layers_s": json.loads((home / LAYERS).read_text(encoding="utf-8")),
        "lake_mb": round(sum(path.stat().st_size for path in raw.rglob("*.parquet")) / 1e6, 1),
        "warehouse_mb": round((home / "warehouse.duckdb").stat().st_size / 1e6, 1),
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}, DuckDB {duckdb.__version__}",
    }


def hold_back_the_last_day(home: Path) -> dict[Path, Path]:
    """Take the files of the newest delivery day out of landing: where they lie, and their place."""
    dated = {path: re.search(r"\d{4}-\d\d-\d\d", path.name) for path in (home / "landing").rglob("*.*")}
    newest = max(found[0] for found in dated.values() if found)
    held_back = {}
    for path, found in dated.items():
        if found and found[0] == newest:
            held = home / "held_back" / path.relative_to(home / "landing")
            held.parent.mkdir(parents=True, exist_ok=True)
            path.rename(held)
            held_back[held] = path
    return held_back


def command(*arguments: str) -> list[str]:
    """The `leadhouse` command."""
    return ["-m", "orchestration", *arguments]


def inside(part: str) -> list[str]:
    """A part of this file in a process of its own."""
    return [str(Path(__file__).resolve()), "--inside", part]


def step(home: Path, name: str, arguments: list[str]) -> Step:
    """Run Python with arguments in a process of its own and measure it.

    Raises:
        SystemExit: it failed.
    """
    env = os.environ | {"LEADHOUSE_HOME": str(home), "PYTHONPATH": str(ROOT)}
    log = home / "bench.log"
    started = time.perf_counter()
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments], env=env, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    if process.returncode:
        raise SystemExit(f"{name} failed; the end of {log}:\n{log.read_text(errors='replace')[-3000:]}")
    print(f"{name}: {wall:.1f} s", file=sys.stderr, flush=True)
    cpu, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024**2
    return Step(name, round(wall, 1), round(cpu, 1), round(peak, 2))


def stages_of_first_load(home: Path) -> dict[str, float]:
    """Seconds of each stage that the first run of the command told."""
    told = re.findall(
        r"^✓ (\w+) .* ([0-9.]+) s$", (home / "bench.log").read_text(encoding="utf-8"), re.MULTILINE
    )
    stages: dict[str, float] = {}
    for name, seconds in told:
        if name in stages:
            break
        stages[name] = float(seconds)
    return {name: seconds for name, seconds in stages.items() if name != "demo"}


def take_in() -> None:
    """Take in the deliveries and compute nothing; the last day-end that they complete goes to a file.

    Raises:
        SystemExit: a delivery could not be read.
    """
    house = House.default()
    ensure_lake(house.home)
    if not ingest(house.connections, house.home).ok:
        raise SystemExit("the deliveries could not be taken in")
    last = last_complete_day_end(LakeState.read(house.home), house.settings)
    (house.home / LAST_DAY).write_text(last.isoformat(), encoding="utf-8")


def build_layers() -> None:
    """Build the last day-end and the one before it with all checks; seconds by layer go to a file.

    Raises:
        SystemExit: a model or a check failed.
    """
    house = House.default()
    seconds: Counter[str] = Counter()
    events = house.dbt.stream_build((), two_day_ends(house))
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
    if not outcome.is_green:
        raise SystemExit(outcome.explanation())
    values = {name: round(value, 1) for name, value in seconds.most_common()}
    (house.home / LAYERS).write_text(json.dumps(values), encoding="utf-8")


def change_weights() -> None:
    """Build again what a change of weights reaches: points, tags and everything left of them stand.

    Raises:
        SystemExit: a model failed.
    """
    house = House.default()
    reached = ("--select", "rul_scoring__dimensions", *WEIGHTS, *SCORES)
    outcome = house.dbt.build(reached, two_day_ends(house))
    if not outcome.is_green:
        raise SystemExit(outcome.explanation())


def two_day_ends(house: House) -> dict[str, object]:
    """The vars of a build of the last published day-end and the one before it."""
    return {"as_of_date": last_publication(house.home).inputs.as_of_date, "history_days": 1}


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


def report(measured: list[dict]) -> str:
    """The figures as Markdown: a line and a table for each size, then how they grow."""
    parts = [table(one) for one in measured]
    if len(measured) > 1:
        parts.append(growth(measured))
    return "\n\n".join(parts)


def table(one: dict) -> str:
    """The figures of one size as Markdown."""
    lines = [
        f"### {one['leads']:,} leads, {one['touches']:,} touches",
        "",
        f"Floor {one['floor_s']} s; lake {one['lake_mb']:,} MB, warehouse {one['warehouse_mb']:,} MB; "
        f"{one['machine']}.",
        "",
        "| step | seconds | processor seconds | peak memory, GB | × floor |",
        "|---|---|---|---|---|",
    ]
    for step_of in one["steps"]:
        lines.append(
            f"| {step_of['name']} | {step_of['wall_s']} | {step_of['cpu_s']} | {step_of['peak_gb']} "
            f"| {multiple(one, step_of):.0f} |"
        )
    whole = [step_of for step_of in one["steps"] if step_of["name"] in ("taken in", "first load")]
    lines.append(
        f"| **deliveries to published marts** | {sum(part['wall_s'] for part in whole):.1f} "
        f"| {sum(part['cpu_s'] for part in whole):.1f} | {max(part['peak_gb'] for part in whole)} "
        f"| {sum(multiple(one, part) for part in whole):.0f} |"
    )
    stages, layers = (
        ", ".join(f"{name} {seconds}" for name, seconds in one[which].items())
        for which in ("stages_s", "layers_s")
    )
    lines.append(f"\nSeconds by stage of the first load: {stages}.")
    lines.append(f"\nSeconds by layer of one build, of models that run side by side: {layers}.")
    return "\n".join(lines)


def growth(measured: list[dict]) -> str:
    """How seconds and memory grow from each size to the next, as exponents of the number of leads."""
    lines = ["### Growth", "", "| step | from | to | exponent of time | of memory |", "|---|---|---|---|---|"]
    for before, after in pairwise(measured):
        factor = log(after["leads"] / before["leads"])
        for earlier, later in zip(before["steps"], after["steps"], strict=True):
            time_of, memory = (log(later[key] / earlier[key]) / factor for key in ("cpu_s", "peak_gb"))
            sizes = f"{before['leads']:,} | {after['leads']:,}"
            lines.append(f"| {earlier['name']} | {sizes} | {time_of:.2f} | {memory:.2f} |")
    return "\n".join(lines)


def multiple(one: dict, step_of: dict) -> float:
    """Seconds of a step as a multiple of the floor of its house."""
    return step_of["wall_s"] / one["floor_s"]


def complain(measured: list[dict], recorded: list[dict]) -> None:
    """Compare with the record.

    Raises:
        SystemExit: a step takes more than its share of the record in time or memory; names every one.
    """
    known = {one["leads"]: one for one in recorded}
    slower = []
    for one in measured:
        if one["leads"] not in known:
            slower.append(f"{one['leads']:,} leads: no record; write one with --write")
            continue
        before = known[one["leads"]]
        for then, now in zip(before["steps"], one["steps"], strict=True):
            for what, was, is_now in (
                ("× floor", multiple(before, then), multiple(one, now)),
                ("GB", then["peak_gb"], now["peak_gb"]),
            ):
                if is_now > was * TOLERANCE:
                    slower.append(f"{one['leads']:,} leads, {now['name']}: {was:.1f} -> {is_now:.1f} {what}")
    if slower:
        raise SystemExit("Slower or larger than recorded:\n" + "\n".join(slower))
    print("Nothing is slower or larger than recorded.")


if __name__ == "__main__":
    main()
