"""`python -m orchestration` is the `leadhouse` command."""

from orchestration.cli import main

main()
