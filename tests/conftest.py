"""For all tests: two of them run side by side, so each dbt build gets one thread; whoever wants more says so."""

from __future__ import annotations

import os

os.environ.setdefault("LEADHOUSE_THREADS", "1")
