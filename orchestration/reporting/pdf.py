"""A page as PDF, printed by a browser that is already there."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from orchestration.warehouse.storage import replacing

VARIABLE = "LEADHOUSE_BROWSER"
# Commands of browsers that print without a window, in the order in which they are tried.
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
SECONDS = 180


class NoBrowserError(RuntimeError):
    """No browser was found, or it did not print; the message says what to do."""


def find_browser() -> str:
    """Return the command of a browser: LEADHOUSE_BROWSER, else one on the PATH, else Playwright's.

    Raises:
        NoBrowserError: there is none.
    """
    named = os.environ.get(VARIABLE)
    if named:
        found = shutil.which(named)
        if not found:
            raise NoBrowserError(f"{VARIABLE} names {named}, which is no command.")
        return found
    for command in BROWSERS:
        found = shutil.which(command)
        if found:
            return found
    try:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            own = playwright.chromium.executable_path
        if Path(own).exists():
            return own
    except ImportError:
        pass
    raise NoBrowserError(
        f"No browser was found that prints PDF. Install Chromium or name one in {VARIABLE}; "
        "or open the HTML page in any browser and print it."
    )


def print_pdf(page: Path) -> Path:
    """Print an HTML file into a PDF beside it and return its path.

    Raises:
        NoBrowserError: there is no browser, or it did not print.
    """
    browser = find_browser()
    target = page.with_suffix(".pdf")
    with replacing(target) as draft, tempfile.TemporaryDirectory() as profile:
        command = [
            browser,
            "--headless",
            "--disable-gpu",
            "--no-pdf-header-footer",
            f"--user-data-dir={profile}",
            f"--print-to-pdf={draft}",
            page.resolve().as_uri(),
        ]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            # Chromium refuses to sandbox itself for root.
            command.insert(1, "--no-sandbox")
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NoBrowserError(f"{browser} did not print: {error}") from error
        if not draft.exists():
            raise NoBrowserError(f"{browser} did not print: {done.stderr.strip()[-400:]}")
    return target
