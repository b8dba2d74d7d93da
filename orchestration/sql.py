"""How values and names are written into SQL, where a parameter cannot stand."""

from __future__ import annotations


def literal(text: object) -> str:
    """Return a value as an SQL text literal."""
    return "'" + str(text).replace("'", "''") + "'"


def quoted(name: str) -> str:
    """Return an SQL identifier in double quotes."""
    return '"' + name.replace('"', '""') + '"'
