"""The normalisers (dbt_project/macros/hygiene) against the libraries of the field: no disagreement that disagreements.py doesn't explain (R02, R07)."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

import field_libraries
import pytest
from disagreements import DISAGREEMENTS, explanations
from hard_values import GENERATORS, generated
from hostile_text import HOSTILE
from normaliser_project import NORMALISERS, NormaliserProject

pytestmark = pytest.mark.slow

PICKED = Path(__file__).parent / "hard_values.csv"


def picked() -> list[dict[str, str]]:
    """The rows of hard_values.csv; what an editor would hide or change stands there as {U+200B}."""
    with PICKED.open(encoding="utf-8", newline="") as file:
        return [{name: re.sub("{U[+]([0-9A-F]{4,5})}", lambda code: chr(int(code[1], 16)), text) for name, text in row.items()} for row in csv.DictReader(file)]


class Comparison:
    """Both sides of a list of values by normaliser; the libraries get the text as staging cleans it."""

    def __init__(self, project: NormaliserProject, values: dict[str, list[str]]) -> None:
        ours = project.run(values)
        cleaned = iter(project.run({"clean_text": [value for texts in values.values() for value in texts]})["clean_text"])
        self.explained: Counter[tuple[str, str]] = Counter()
        self.unexplained: list[tuple[str, str, str | None, str | None]] = []
        self.reasons: list[list[str]] = []
        self.ours: list[str | None] = []
        for name in values:
            library = getattr(field_libraries, name)
            for value, found in zip(values[name], ours[name], strict=True):
                text = next(cleaned)
                text = value if name == "clean_text" else text or ""
                expected = library(text) or None
                reasons = [] if found == expected else explanations(name, text, found, expected)
                if found != expected and not reasons:
                    self.unexplained.append((name, text, found, expected))
                self.explained.update((name, reason) for reason in reasons)
                self.reasons.append(reasons)
                self.ours.append(found)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> NormaliserProject:
    return NormaliserProject(tmp_path_factory.mktemp("normalisers"))


@pytest.fixture(scope="module")
def of_picked(project: NormaliserProject) -> Comparison:
    rows = picked()
    return Comparison(project, {name: [row["value"] for row in rows if row["normaliser"] == name] for name in GENERATORS})


@pytest.fixture(scope="module")
def of_sample(project: NormaliserProject) -> Comparison:
    return Comparison(project, {name: generated(name, 3_000) for name in GENERATORS})


def test_generated_values_come_out_as_the_libraries_say_or_for_a_named_reason(of_sample: Comparison):
    assert not of_sample.unexplained, of_sample.unexplained[:20]


@pytest.mark.proof
def test_a_hundred_thousand_generated_values_of_each_kind(project: NormaliserProject):
    compared = Comparison(project, {name: generated(name, 100_000) for name in GENERATORS})
    assert not compared.unexplained, compared.unexplained[:20]


def test_picked_values(of_picked: Comparison):
    rows = [row for name in GENERATORS for row in picked() if row["normaliser"] == name]
    wrong = [
        (row["normaliser"], row["value"], found, reasons)
        for row, found, reasons in zip(rows, of_picked.ours, of_picked.reasons, strict=True)
        if (found or "") != row["normal_form"] or (reasons or [""])[0] != row["differs_from_the_library"]
    ]
    assert not of_picked.unexplained, of_picked.unexplained
    assert not wrong, wrong[:20]


def test_three_hundred_hard_values_of_each_kind_are_picked():
    """Each once: a value that stands twice holds a normaliser to nothing new."""
    values = Counter((row["normaliser"], row["value"]) for row in picked())
    counts = Counter(name for name, _ in values)
    assert max(values.values()) == 1
    assert {name: counts[name] for name in GENERATORS if counts[name] < 300} == {}


def test_every_listed_reason_is_needed(of_sample: Comparison, of_picked: Comparison):
    """A row that explains nothing any more would hide the next mistake."""
    assert {(row.normaliser, row.about) for row in DISAGREEMENTS} == set(of_sample.explained + of_picked.explained)


def test_spellings_of_one_name_meet_and_other_names_do_not(project: NormaliserProject):
    with (Path(__file__).parent / "names.csv").open(encoding="utf-8", newline="") as file:
        pairs = list(csv.DictReader(file))
    kinds = {kind: [pair for pair in pairs if pair["kind"] == kind] for kind in ("company", "person")}
    keys = project.run({kind: [pair[side] for pair in of_kind for side in ("one", "other")] for kind, of_kind in kinds.items()})
    wrong = [
        (pair["one"], one, pair["other"], other)
        for kind, of_kind in kinds.items()
        for pair, one, other in zip(of_kind, keys[kind][::2], keys[kind][1::2], strict=True)
        if (one == other) != (pair["same"] == "1")
    ]
    assert not wrong, wrong


def test_hostile_text_has_no_normal_form_and_breaks_nothing(project: NormaliserProject):
    found = project.run({name: HOSTILE for name in NORMALISERS})
    for name in ("email", "mailbox", "phone", "credit_code"):
        assert [text for text, normal in zip(HOSTILE, found[name], strict=True) if normal is not None] == [], name
    # One of the texts has the form of a host.
    assert set(found["domain"]) == {None, "b.cn"}
    # Names keep their letters and lose everything else: quotes, signs, line ends, control characters.
    for name in ("company", "person"):
        assert all(normal is None or normal.isalnum() for normal in found[name]), found[name]


@pytest.mark.parametrize(
    ("kind", "places"),
    [
        ("province", {
            "江苏省": "江苏省", "江苏": "江苏", "江蘇省": "江苏省", "江苏省苏州市工业园区星湖街328号": "江苏省", "中国江苏": "江苏", "Jiangsu": "jiangsu",
            "Suzhou, Jiangsu Province, China": "jiangsu province", "上海市浦东新区": "上海市", "廣東省深圳市": "广东省", "河北区": None, "河南路": None, "Bayern": None,
            "Bajiangsuper": None, "": None, "无": None, "'; drop table places; --": None,
        }),
        ("city", {
            "苏州": "苏州", "苏州市": "苏州市", "江苏省苏州市": "苏州市", "苏州工业园区": "苏州", "廣州市天河區": "广州市", "Suzhou Industrial Park": "suzhou",
            "深圳-南山": "深圳", "南京路": None, "朝阳区": None, "München": None,
        }),
    ],
)  # fmt: skip
def test_places_in_free_text(project: NormaliserProject, kind: str, places: dict[str, str | None]):
    assert dict(zip(places, project.run({kind: list(places)})[kind], strict=True)) == places
