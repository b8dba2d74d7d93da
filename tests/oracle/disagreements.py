"""Where the normalisers and the libraries of the field part ways, and why: each disagreement needs a row here.

A row is met when `applies(value, ours, theirs)` is true; `value` is the text as staging cleans it. What a row says of ours
must be what the business wants: a lead that can be reached is worth more than a purist's null, a wrong number less than none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

import field_libraries as libraries


class Disagreement(NamedTuple):
    normaliser: str
    about: str
    applies: Callable[[str, str | None, str | None], bool]
    why: str


INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF])


def in_block(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff"


def by_character(value: str) -> str:
    return "".join(libraries.simplified(sign) for sign in value)


def by_character_within_block(value: str) -> str:
    return "".join(simple if in_block(sign) and in_block(simple := libraries.simplified(sign)) else sign for sign in value)


def bare_addresses(value: str) -> set[str]:
    """The first address of a text, without what people write around it: with a host in any letters, and in those of ASCII alone."""
    text = re.sub(" *@ *", "@", value.lower().translate(str.maketrans("。｡‐‑–−", "..----")))
    found = [re.search(f"[a-z0-9.!#$%&'*+=?^_`{{}}~-]+@{host}", text) for host in (r"[^\s<>:;,、/|()?@&+*!\"'”》】\]]+", "[a-z0-9.-]+")]
    addresses = {re.sub("^e?mail=", "", address.group().strip("'*./")) for address in found if address}
    return {normal for address in addresses if (normal := libraries.email(address))}


def local_part(value: str) -> str:
    return value.rpartition("@")[0].rpartition("<")[2]


def last_label(value: str) -> str:
    found = re.search(r"[^\s<>:;,、@]+@[^\s<>:;,、/|()?@]+", value.replace("。", "."))
    return found.group().strip("./").rpartition(".")[2] if found else ""


def phone_digits(value: str) -> str:
    return re.sub("[^0-9+]", "", value)


def first_part(value: str) -> str:
    """A phone text up to a mark behind which no number goes on."""
    return re.split(r"[,/;#、]|转|轉| *ext| *x[0-9]|[(（][^0-9+]", value)[0]


def first_number(value: str) -> str:
    """The first stretch of a text that may be a number, with its extension."""
    stretches = re.findall(r"(?:86)?[+( ]*(?:[0-9 ()-]{2,9}/+)?[0-9](?:[ ().·_‐‑‒–—−─ー*-]*[0-9])*", value)
    return next((stretch for stretch in stretches if len(re.sub("[^0-9]", "", stretch)) >= 7), "")


def plain_phones(value: str) -> set[str]:
    """The numbers that a text without labels may be: as it stands, without an extension, without what a spreadsheet, a second
    mobile or a number with area code put behind it; of two country codes the second counts, unless a mobile stands behind it."""
    value = re.sub("^[+]?(00)?86[) -]*[+](?=1[3-9][0-9]{9}(?![0-9]))", "", value)
    value = re.sub("^[+( ]*[+][( ]*|^[+]?(00)?86[) -]*[+]", "+", value)
    shorter = (re.split("[-—‑*(（_] *[0-9]{1,5} *$", value)[0], re.sub("[.]00?$", "", value), re.split(" 1[3-9]", value)[0], re.sub("^(1[3-9][0-9]{9}) +[(]?0[0-9]{2,3}[ )-].*", r"\1", value))
    return {found for text in (value, *shorter) if (found := libraries.possible_phone(re.sub("[·_─ー]", "-", text)))}


ADDRESS = re.compile(r"^(?:[^ -~]+[: ])? *(?:[a-z]+:[^\w.%-]+|//)?(?:[^@/?# ]*@)?((?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W_](?:[\w-]*[^\W_]))\.?(?:[:/?#;,、 ].*)?$")


def host_of(value: str) -> str:
    """The host of a text that is an address, else nothing."""
    found = ADDRESS.match(value.lower().replace("。", "."))
    return found.group(1) if found else ""


def stated_domains(value: str) -> set[str | None]:
    """The first registered name of a text, in all its letters, in those of ASCII alone, and up to its last ending in ASCII."""
    text = value.lower().translate(str.maketrans("。｡", ".."))
    runs = [[libraries.domain(run.strip("._-")) for run in re.findall(pattern, text)] for pattern in (r"[\w.-]+", "[a-z0-9._-]+", r"[\w.-]*[.][a-z]+")]
    return {next((name for name in names if name), None) for names in runs} - {None}


def stated_credit_codes(value: str) -> list[str]:
    """The codes of a text: stretches of 18 letters and digits once gaps are closed, or as they stand; O and I as digits."""
    text = value.upper()
    stretches = [*re.findall("[0-9A-Z]+", re.sub(r"[\s._·‐-―-]", "", text)), *re.findall("[0-9A-Z]+", text)]
    return [stretch.translate(str.maketrans("OI", "01")) for stretch in stretches if len(stretch) == 18]


DISAGREEMENTS = [
    Disagreement(
        "clean_text", "invisible characters",
        lambda value, ours, theirs: unicodedata.normalize("NFKC", value.translate(INVISIBLE)).strip() == (ours or "") and theirs != ours,
        "Zero-width spaces, soft hyphens and marks of direction are taken out: two texts that look the same must be the same. NFKC keeps them.",
    ),
    Disagreement(
        "clean_text", "other compatibility characters",
        lambda value, ours, theirs: unicodedata.normalize("NFKC", ours or "").strip() == unicodedata.normalize("NFKC", value.translate(INVISIBLE)).strip(),
        "Fractions, circled digits, half-width kana and letters with loose accents stay as written: no normal form of contact data holds them.",
    ),
    Disagreement(
        "clean_text", "radicals of simplified characters",
        lambda value, ours, theirs: re.search("[⺀-⻳]", value) is not None and all(sign == our_sign or "⺀" <= sign <= "⻳" for sign, our_sign in zip(theirs or "", ours or "", strict=True)),
        "⻓沙, ⻢云 are what is copied out of a PDF; NFKC knows only the radicals of Kangxi.",
    ),
    Disagreement(
        "simplified", "words",
        lambda value, ours, theirs: ours == by_character(value),
        "乾隆, 著名, 瞭望: OpenCC looks at words, we at characters. Both spellings of a name still meet in one form, which is what it is for.",
    ),
    Disagreement(
        "simplified", "rare characters",
        lambda value, ours, theirs: ours == by_character_within_block(value),
        "Characters outside U+4E00–9FFF, or whose simplified form lies there, stay: no name in a CRM holds them.",
    ),
    Disagreement(
        "email", "text around an address",
        lambda value, ours, theirs: theirs is None and ours in bare_addresses(value),
        "邮箱:a@b.cn, a@b.cn;c@d.cn, a@b.cn(工作), mailto:, display names without quotes: the first address is what was meant.",
    ),
    Disagreement(
        "email", "marks and labels that an address may begin with",
        lambda value, ours, theirs: ours is not None and theirs is not None and theirs.endswith(ours) and ours in bare_addresses(value),
        "'li@b.cn, *li@b.cn, email=li@b.cn, 13800138000/li@b.cn are legal to the letter: it is the spreadsheet's quote, a bullet, a label, a phone number.",
    ),
    Disagreement(
        "email", "slashes and bars inside",
        lambda value, ours, theirs: ours is None and re.search("[/|]", local_part(value)) is not None,
        "li/na@b.cn is legal and in a CRM two things in a cell; which mailbox is meant cannot be told.",
    ),
    Disagreement(
        "email", "domains in other scripts",
        lambda value, ours, theirs: ours is None and re.search("[^\x00-\u04ff\u3041-\u9fff가-힣]", value.rpartition("@")[2]) is not None,
        "Domain names are read in Latin, Greek, Cyrillic, Chinese, Japanese and Korean.",
    ),
    Disagreement(
        "email", "names in Punycode",
        lambda value, ours, theirs: ours is not None and "xn--" in ours and libraries.email(ours) in {theirs, *bare_addresses(value)},
        "Ours keeps xn-- as delivered: SQL cannot decode it, and nobody types it.",
    ),
    Disagreement(
        "email", "Chinese in front of @",
        lambda value, ours, theirs: not local_part(value).isascii(),
        "张三@b.cn is legal since 2012 and hardly ever a mailbox; 邮箱li@b.cn is common. Glued labels are cut off, nothing but Chinese is null.",
    ),
    Disagreement(
        "email", "a local part of more than 64 characters",
        lambda value, ours, theirs: ours is None and len(local_part(value)) > 64,
        "Forbidden by RFC 5321; the library says so only in strict mode.",
    ),
    Disagreement(
        "email", "endings that are no top-level domain",
        lambda value, ours, theirs: ours is None and re.fullmatch("[a-z]|[0-9].*|[^ -~]|.*[^ -~].*[a-z-].*|.*[a-z-].*[^ -~].*", last_label(value).lower()) is not None,
        "No top-level domain has one letter, begins with a digit or mixes scripts: a typo.",
    ),
    Disagreement(
        "email", "@ in a display name",
        lambda value, ours, theirs: ours is None and "@" in value.rpartition("<")[0],
        "Two @ and no telling which is meant; seen in spoilt exports only.",
    ),
    Disagreement(
        "phone", "a remark or second number behind",
        lambda value, ours, theirs: ours in plain_phones(first_part(value)) - {libraries.possible_phone(value)} and (theirs or ours or "").startswith(ours or "-"),
        "李经理, (微信同号), /13900139000, -801: the first number counts.",
    ),
    Disagreement(
        "phone", "numbers that went through a spreadsheet",
        lambda value, ours, theirs: value.endswith(".0") and ours == libraries.phone(value[:-2]),
        "13800138000.0 was a number for a while.",
    ),
    Disagreement(
        "phone", "Hong Kong, Macao and Taiwan without plus",
        lambda value, ours, theirs: ours is not None and ours[:4] in ("+852", "+853", "+886") and ours[:4] not in value,
        "85298765432 in a Chinese CRM is Hong Kong; the library reads it as an area code of the mainland.",
    ),
    Disagreement(
        "phone", "ranges that were never given out",
        lambda value, ours, theirs: theirs is None and ours is not None and libraries.possible_phone(value) == ours,
        "The library knows which ranges are in use today. Operators open new ones, so we hold a number to the shape of its plan; ranges that cannot be are flagged by verdict rules (CLN-012), and a flag takes no phone away.",
    ),
    Disagreement(
        "phone", "words and marks around a number",
        lambda value, ours, theirs: theirs is None and ours in plain_phones(first_number(value)),
        "李娜 13800138000 采购部, 24小时热线400…, [86]138…, 138·0013·8000: the first seven digits or more are the number.",
    ),
    Disagreement(
        "phone", "without trunk zero",
        lambda value, ours, theirs: ours is None and theirs is not None and phone_digits(value) == theirs[3:],
        "2125551234 may be Shanghai without its zero or New York: what may be two numbers is none.",
    ),
    Disagreement(
        "phone", "letters and signs inside",
        lambda value, ours, theirs: ours is None and theirs is not None and re.search("[A-Za-z*\\\\_@'张，。,#+\\[\\]]", value.lstrip("+(")) is not None,
        "1875A393-0765 is mistyped: the library skips the letter, we don't guess.",
    ),
    Disagreement(
        "phone", "prefixes twice",
        lambda value, ours, theirs: ours is None and re.match("[+]0|[+][0-9]{1,3}00|00[0-9]{1,3}00|[+]11|[+]78", phone_digits(value)) is not None,
        "+0086, 0064 00, +1 1, +7 8: the library takes what it can; we don't guess which digits are meant.",
    ),
    Disagreement(
        "phone", "prefixes of carriers",
        lambda value, ours, theirs: ours in (None, "+86" + phone_digits(first_part(value))) and re.match("[+]?(86)?1([12][0-9]|79)[0-9]{2}", phone_digits(value)) is not None,
        "We know the prefixes that people really stored with numbers (12593, 17951); the library takes any five digits of that kind for one.",
    ),
    Disagreement(
        "phone", "service numbers without area code",
        lambda value, ours, theirs: ours is None and theirs is not None and re.fullmatch("[+]86[0-9]{7,8}", theirs) is not None,
        "Numbers of eight digits that only exist within a city.",
    ),
    Disagreement(
        "phone", "longer than a number can be",
        lambda value, ours, theirs: ours is None and theirs is not None and (len(theirs) > 16 or re.fullmatch("[+]852[0-9]{9,}", theirs) is not None),
        "E.164 ends at 15 digits, Hong Kong's plan at 8: what the library accepts is a number with its extension.",
    ),
    Disagreement(
        "phone", "landlines that begin with 0 or 1",
        lambda value, ours, theirs: ours is None and theirs is not None and re.fullmatch("[+]86(10|2[0-9]|[3-9][0-9]{2})[01][0-9]+", theirs) is not None,
        "Service numbers within an area code: nobody is reached there.",
    ),
    Disagreement(
        "credit_code", "registering bodies with letters",
        lambda value, ours, theirs: ours is not None and theirs is None and ours[:2].isalnum() and not ours[:2].isdigit(),
        "GB 32100 gives N to rural collectives, A to the central military, Y to others; the library wants eight digits in front.",
    ),
    Disagreement(
        "credit_code", "text around a code",
        lambda value, ours, theirs: theirs is None and libraries.credit_code(ours or "") == ours and ours in re.findall("[0-9A-Z]+", value.upper() + " " + re.sub(r"[\s._·‐-―-]", "", value.upper())),
        "税号:9131…, 9131…(1-1), two codes in a cell: its check digit tells the code from what stands around it.",
    ),
    Disagreement(
        "credit_code", "O and I",
        lambda value, ours, theirs: theirs is None and libraries.credit_code(ours or "") == ours and ours in stated_credit_codes(value),
        "The standard has no O and I, so they can only be 0 and 1, and the check digit says whether it was so.",
    ),
    Disagreement(
        "credit_code", "no registering body",
        lambda value, ours, theirs: ours is None and theirs is not None and theirs.startswith("0"),
        "0 names no registering body: eighteen zeros have a right check digit and are nobody.",
    ),
    Disagreement(
        "domain", "hosts with an ending that is no top-level domain",
        lambda value, ours, theirs: ours is not None and libraries.SPLIT(ours).suffix == "",
        "Intranets, and .example of demos and documentation: two labels name a company there too.",
    ),
    Disagreement(
        "domain", "endings of one letter or digits",
        lambda value, ours, theirs: ours is None and re.search(r"\.(?:[a-z]|[0-9]+)[.:/?#;,]|\.(?:[a-z]|[0-9]+)$", value.lower()) is not None,
        "No such top-level domain: a typo.",
    ),
    Disagreement(
        "domain", "exceptions of the list",
        lambda value, ours, theirs: host_of(value).endswith("www.ck"),
        "www.ck is registered although every second level of .ck is public; five such names exist, all outside business.",
    ),
    Disagreement(
        "domain", "other scripts",
        lambda value, ours, theirs: ours is None and re.search("[\u0590-\u0fff]", value) is not None,
        "Domain names are read in Latin, Greek, Cyrillic, Chinese, Japanese and Korean.",
    ),
    Disagreement(
        "domain", "no host names",
        lambda value, ours, theirs: ours is None and not host_of(value),
        "-a.com, a..com, http//a.com: the library splits whatever stands between dots; no browser would open it.",
    ),
    Disagreement(
        "domain", "text around an address",
        lambda value, ours, theirs: (host_of(value) != "" and libraries.domain(host_of(value)) == ours) or ours in stated_domains(value),
        "官网:, http with backslashes, a second address: the first host counts.",
    ),
    Disagreement(
        "domain", "third levels and places",
        lambda value, ours, theirs: libraries.SPLIT(host_of(value)).suffix.count(".") > 1 or (theirs is not None and theirs.endswith((".jp", ".no", ".it", ".us", ".pl"))),
        "k12.ca.us, ota.tokyo.jp: schools, towns and authorities below a place; of these countries only the common second levels are known.",
    ),
]


def explanations(normaliser: str, value: str, ours: str | None, theirs: str | None) -> list[str]:
    """The rows that explain a disagreement."""
    return [row.about for row in DISAGREEMENTS if row.normaliser == normaliser and row.applies(value, ours, theirs)]
