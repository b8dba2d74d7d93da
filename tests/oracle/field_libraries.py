"""What the libraries of the field say: the normal form of a value, or None."""

from __future__ import annotations

import unicodedata
from functools import cache

import email_validator
import opencc
import phonenumbers
import stdnum.cn.uscc
import tldextract

# Names that are reserved for examples and tests are addresses like others here; rules decide what to think of them.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()
TO_SIMPLIFIED = opencc.OpenCC("t2s")
# Its own list, as of its release: no network.
SPLIT = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


def clean_text(value: str) -> str | None:
    return unicodedata.normalize("NFKC", value).strip() or None


def simplified(value: str) -> str:
    return TO_SIMPLIFIED.convert(value)


def email(value: str) -> str | None:
    try:
        found = email_validator.validate_email(value, check_deliverability=False, allow_display_name=True)
    except email_validator.EmailNotValidError:
        return None
    return found.normalized.lower()


def parsed_phone(value: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(value, "CN")
    except phonenumbers.NumberParseException:
        return None


def phone(value: str) -> str | None:
    found = parsed_phone(value)
    if found is None or not phonenumbers.is_valid_number(found):
        return None
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


def possible_phone(value: str) -> str | None:
    """The number where its length is possible, whether or not its range was ever given out."""
    found = parsed_phone(value)
    if found is None or not phonenumbers.is_possible_number(found):
        return None
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


def credit_code(value: str) -> str | None:
    try:
        return stdnum.cn.uscc.validate(value)
    except stdnum.exceptions.ValidationError:
        return None


@cache
def domain(value: str) -> str | None:
    return SPLIT(value).top_domain_under_public_suffix.lower() or None
