"""Rule sets of scoring as nobody would write them: generated from a seed, well formed all the same (`check_rules` finds nothing)."""

from __future__ import annotations

import csv
import random
import shutil
from datetime import date, timedelta
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
SCORING = ("dimensions", "fit", "engagement", "engagement_patterns", "need", "bands")
Row = dict[str, str]


class GeneratedRules:
    """A rule set of its own in `folder`: the default rows with other numbers, versions at the edges of the last day-ends, and rows retired."""

    def __init__(self, seed: int, last: date) -> None:
        self.random = random.Random(seed)
        self.days = [(last + timedelta(days=offset)).isoformat() for offset in (-2, -1, 0, 1)]
        files = {f"rule_scoring__{name}": getattr(self, f"_{name}") for name in SCORING} | {"rule_tagging__segment": self._segment}
        self.files = {name: make(_default(name)) for name, make in files.items()}

    def write(self, folder: Path) -> None:
        """Write all rules to a folder, so that files of a set before are replaced."""
        shutil.copytree(SEEDS, folder, dirs_exist_ok=True)
        for name, rows in self.files.items():
            path = next(folder.rglob(f"{name}.csv"))
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)

    def _points(self, most: int = 60) -> str:
        return str(self.random.choice([0, 1, -1, most, -most, *(self.random.randint(-most // 2, most) for _ in range(8))]))

    def _half_life(self) -> str:
        return self.random.choice(["", "1", "2", "3", "7", "14", "30", "60", "146", "365", str(self.random.randint(1, 400))])

    def _versions(self, row: Row, other: Row, share: float) -> list[Row]:
        """The row, and with some chance another version of it, or its end, from one of the last days on."""
        if self.random.random() >= share:
            return [row]
        later = other | {"valid_from": self.random.choice(self.days)}
        if self.random.random() < 0.25:
            later = row | {"valid_from": later["valid_from"], "status": "retired"}
        return [row] if all(later[name] == row[name] for name in row if name != "valid_from") else [row, later]

    def _dimensions(self, rows: list[Row]) -> list[Row]:
        made: list[Row] = []
        for segment in dict.fromkeys(row["segment"] for row in rows):
            own = [row for row in rows if row["segment"] == segment]
            first, second = (self._weights(own) for _ in range(2))
            made += first
            if self.random.random() < 0.4:
                # A weight that moves takes others along: all rows of the segment change on one day.
                valid_from = self.random.choice(self.days)
                pairs = [(one, two | {"valid_from": valid_from}) for one, two in zip(first, second, strict=True)]
                made += [two for one, two in pairs if any(one[name] != two[name] for name in one if name != "valid_from")]
        return made

    def _weights(self, rows: list[Row]) -> list[Row]:
        cuts = sorted(self.random.choice([0, 100, self.random.randint(0, 100)]) for _ in range(2))
        shares = [cuts[0], cuts[1] - cuts[0], 100 - cuts[1]]
        grace = str(self.random.choice([0, 7, 14, 30, 60, 90]))
        return [
            row
            | {
                "weight_pct": str(share),
                "full_marks": str(self.random.choice([2, 3, 7, 100, 150, 300, self.random.randint(2, 400)])),
                "floor_points": str(self.random.choice([0, 0, 0, 1])),
                "half_life_factor_pct": str(self.random.choice([1, 33, 50, 75, 100, 150, 200, self.random.randint(1, 300)])),
                "inactivity_grace_days": grace,
            }
            for row, share in zip(rows, shares, strict=True)
        ]

    def _fit(self, rows: list[Row]) -> list[Row]:
        caps = {group: self._cap() for group in dict.fromkeys(row["tag_group"] for row in rows)}
        made = []
        for row in rows:
            one, two = (row | {"points": self._points(40), "group_cap": caps[row["tag_group"]]} for _ in range(2))
            made += self._versions(one, two, 0.15)
        return made

    def _cap(self) -> str:
        return str(self.random.choice([0, 5, 12, 18, 30, 60, -5, -20, self.random.randint(1, 50)]))

    def _engagement(self, rows: list[Row]) -> list[Row]:
        made = []
        for row in rows:
            one, two = (row | self._touch_rule() for _ in range(2))
            made += self._versions(one, two, 0.15)
        return made

    def _touch_rule(self) -> Row:
        return {
            "points": self._points(),
            "half_life_days": self._half_life(),
            "max_per_day": str(self.random.choice([1, 1, 2, 3, 10])),
            "cap_points": str(self.random.choice([0, 10, 60, 120, 1000, -10, -50, self.random.randint(1, 200)])),
            "exclusive_group": self.random.choice(["", "", "", "one", "two", "three"]),
            "depth": str(self.random.randint(0, 5)),
            "is_activity": str(self.random.randint(0, 1)),
        }

    def _engagement_patterns(self, rows: list[Row]) -> list[Row]:
        made = []
        window = {metric: str(self.random.choice([1, 7, 14, 29, 30, 31, 60])) for metric in dict.fromkeys(row["metric"] for row in rows)}
        pick = {group: self.random.choice(["highest", "lowest"]) for group in dict.fromkeys(row["pattern_group"] for row in rows)}
        first_silence = self.random.choice([1, 14, 29, 30, 31, 60])
        for row in rows:
            one, two = (
                row | {"points": self._points(), "group_pick": pick[row["pattern_group"]]} | ({"window_days": window[row["metric"]]} if row["window_days"] else {})
                for _ in range(2)
            )  # fmt: skip
            if row["metric"] == "days_since_last_activity":
                # Three silences that follow each other, moved as one.
                moved = {name: str(int(row[name]) - 30 + first_silence) for name in ("min_value", "max_value") if row[name]}
                one, two = one | moved, two | moved
            made += self._versions(one, two, 0.3)
        return made

    def _need(self, rows: list[Row]) -> list[Row]:
        caps = {group: str(self.random.choice([0, 10, 25, 60, self.random.randint(1, 80)])) for group in dict.fromkeys(row["bant_group"] for row in rows)}
        made = []
        for row in rows:
            one, two = (
                row | {"points": self._points(), "half_life_days": self._half_life(), "group_cap": caps[row["bant_group"]]} for _ in range(2)
            )
            made += self._versions(one, two, 0.15)
        return made

    def _bands(self, rows: list[Row]) -> list[Row]:
        made = []
        for band_set in dict.fromkeys(row["band_set"] for row in rows):
            own = sorted((row for row in rows if row["band_set"] == band_set), key=lambda row: int(row["lower_pct"]))
            cuts = [0, *sorted(self.random.sample(range(1, 100), len(own) - 1)), 101]
            made += [row | {"lower_pct": str(cuts[place]), "upper_pct": str(cuts[place + 1])} for place, row in enumerate(own)]
        return made

    def _segment(self, rows: list[Row]) -> list[Row]:
        always = [row for row in rows if row["operator"] == "always"]
        others = [row for row in rows if row["operator"] != "always"]
        priorities = self.random.sample(range(1, 80), len(others))
        segments = list(dict.fromkeys(row["segment"] for row in rows))
        made = []
        for row, priority in zip(others, priorities, strict=True):
            one = row | {"priority": str(priority), "segment": self.random.choice(segments)}
            two = one | {"segment": self.random.choice(segments)}
            if row["operator"] == "at_least":
                one["argument"] = row["argument"]
            made += self._versions(one, two, 0.3)
        return made + always


def _default(name: str) -> list[Row]:
    with next(SEEDS.rglob(f"{name}.csv")).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
