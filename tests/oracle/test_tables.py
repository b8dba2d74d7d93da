"""The tables that live in macros are those of the libraries they were taken from (docs/decisions/0014): a newer library shows here what to change."""

from __future__ import annotations

import ast
import re
import unicodedata
from pathlib import Path

import field_libraries
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

MACROS = Path(__file__).resolve().parents[2] / "dbt_project" / "macros"
COMMON_BLOCK = range(0x4E00, 0xA000)
# normal_phone has patterns of its own for them.
AT_HOME = {86, 852, 853, 886}
# Names of places: too many for what they are worth, see public_suffixes.sql.
WITHOUT_PLACES = {"it", "jp", "no", "pl", "us", "aero"}


def lines_of(macro: str, path: str) -> list[str]:
    text = (MACROS / path).read_text(encoding="utf-8")
    return re.search(rf"macro {macro}\(\) -?%}}(.*?){{%-? endmacro", text, re.DOTALL)[1].strip().splitlines()


def returned_by(macro: str, path: str):
    return ast.literal_eval(re.search(r"return\((.*)\) }}", " ".join(lines_of(macro, path)))[1].removesuffix(".split(' ')"))


def test_traditional_characters_are_those_of_opencc():
    pairs = {sign: field_libraries.simplified(sign) for sign in map(chr, COMMON_BLOCK)}
    pairs = {sign: simple for sign, simple in pairs.items() if simple != sign and len(simple) == 1 and ord(simple) in COMMON_BLOCK}
    path = "cross_engine/chinese_characters.sql"
    assert lines_of("traditional_characters", path) == ["".join(pairs)]
    assert lines_of("simplified_characters", path) == ["".join(pairs.values())]


def test_kangxi_radicals_are_those_of_unicode():
    kangxi = "".join(unicodedata.normalize("NFKC", chr(place)) for place in range(0x2F00, 0x2FD6))
    assert lines_of("characters_of_radicals", "cross_engine/text.sql")[0].startswith(kangxi)


def test_phone_plans_are_those_of_libphonenumber():
    """Lengths up to 15 digits with the country code, which is where E.164 ends."""
    lengths: dict[int, set[int]] = {}
    with_trunk_zero = set()
    for code, regions in COUNTRY_CODE_TO_REGION_CODE.items():
        plans = [PhoneMetadata.metadata_for_nongeo_region(code) if region == "001" else PhoneMetadata.metadata_for_region(region) for region in regions]
        lengths[code] = {length for plan in plans for length in plan.general_desc.possible_length if length + len(str(code)) <= 15}
        with_trunk_zero |= {code for plan in plans if plan.national_prefix == "0"}
    listed = {
        int(code): {length for part in parts.split() for length in range(int(part.split(",")[0]), int(part.split(",")[-1]) + 1)}
        for codes, parts in returned_by("phone_lengths", "hygiene/phone_plans.sql")
        for code in codes.split()
    }
    assert listed == {code: of_code for code, of_code in lengths.items() if code not in AT_HOME}
    assert {int(code) for code in returned_by("trunk_zero_countries", "hygiene/phone_plans.sql").split()} == with_trunk_zero - AT_HOME


def test_public_suffixes_are_those_of_the_list():
    listed = returned_by("public_suffixes", "hygiene/public_suffixes.sql")
    pairs = [suffix.split(".") for suffix in field_libraries.SPLIT.tlds if suffix.count(".") == 1]
    assert listed["every"].split() == sorted(top for word, top in pairs if word == "*")
    of_list = {(word, top) for word, top in pairs if word[0] not in "*!" and top not in WITHOUT_PLACES}
    ours = {(word, top) for top, words in listed.items() for word in words.split() if top != "every" and top not in WITHOUT_PLACES and not word.startswith("xn--")}
    assert ours == of_list
