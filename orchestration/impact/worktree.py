"""The state to compare with: a worktree of a Git reference in a temporary folder, gone when work is done."""

from __future__ import annotations

import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DEFAULT_REFS = ("origin/main", "main")


class BaseError(Exception):
    """The reference to compare with cannot be checked out; the message says why."""


def default_base(root: Path) -> str:
    """The first of origin/main and main that the repository has.

    Raises:
        BaseError: it has neither.
    """
    for ref in DEFAULT_REFS:
        if _git(root, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}", check=False).returncode == 0:
            return ref
    raise BaseError("There is neither origin/main nor main here. Name the reference with --base REF.")


def commit_of(root: Path, ref: str) -> str:
    """The commit of a reference.

    Raises:
        BaseError: Git does not know it, or this is no repository.
    """
    found = _git(
        root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}", check=False
    )
    if found.returncode:
        reason = found.stderr.strip() or f"Git does not know '{ref}' here; fetch it, or name another one"
        raise BaseError(f"The base cannot be read: {reason}.")
    return found.stdout.strip()


@contextmanager
def worktree(root: Path, commit: str) -> Iterator[Path]:
    """Check a commit out beside the working tree; it is removed at the end, also after Ctrl-C or SIGTERM.

    Args:
        root: the project's root, itself the root of a Git working tree or a folder in one.
        commit: what to check out.

    Raises:
        BaseError: Git refused.
    """
    with tempfile.TemporaryDirectory(prefix="leadhouse-base-") as folder, _terminable():
        tree = Path(folder).resolve() / "tree"
        try:
            _git(root, "worktree", "add", "--detach", "--quiet", str(tree), commit)
            prefix = _git(root, "rev-parse", "--show-prefix").stdout.strip()
            yield tree / prefix
        finally:
            _git(root, "worktree", "remove", "--force", str(tree), check=False)
            _git(root, "worktree", "prune", check=False)


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM (a cancelled job) unwind like Ctrl-C, so that nothing is left behind."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, interrupt)
    except ValueError:
        # Only the main thread may set handlers; elsewhere the end of the process is somebody else's.
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _git(root: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise BaseError("Git is not installed; the base of a comparison comes from it.") from error
    if check and done.returncode:
        raise BaseError(f"git {' '.join(arguments[:2])} failed: {done.stderr.strip()}")
    return done
