"""Deleting what is kept too long, in small transactions, so that live calls never wait for it."""

import sqlite3
from collections.abc import Collection
from pathlib import Path

from engine.journal.schema import EVENTS_OF
from engine.model.ids import Digest

PAGES = 256
"""Free pages that are given back at a time: about a megabyte."""


def forget_runs(connection: sqlite3.Connection, before_ms: int, at_most: int) -> int:
    """The oldest first. What is freed is overwritten (`secure_delete`)."""
    found = connection.execute(
        "SELECT run_id, number FROM runs WHERE status = 'ended' AND updated_ms < ? ORDER BY updated_ms LIMIT ?",
        (before_ms, at_most),
    ).fetchall()
    theirs = f"DELETE FROM events WHERE number IN ({EVENTS_OF} SELECT number FROM one)"
    connection.executemany(theirs, [(run_id,) for run_id, _ in found])
    connection.executemany("DELETE FROM runs WHERE number = ?", [(number,) for _, number in found])
    return len(found)


def drop_unused_bundles(connection: sqlite3.Connection, keep: Collection[Digest]) -> int:
    marks = ", ".join("?" * len(keep))
    unused = "NOT EXISTS (SELECT 1 FROM runs WHERE runs.digest = bundles.digest)"
    sql = f"DELETE FROM bundles WHERE {unused} AND digest NOT IN ({marks})"
    return connection.execute(sql, tuple(keep)).rowcount


def give_back(connection: sqlite3.Connection, pages: int = PAGES) -> int:
    """Free pages at the file's end go back to the disk, so many at the most; returns how many are left."""
    connection.execute(f"PRAGMA incremental_vacuum({pages})").fetchall()
    (left,) = connection.execute("PRAGMA freelist_count").fetchone()
    return int(left)


def drop_backups(journal: Path, before_ms: int) -> None:
    """Copies from before a migration hold the same personal data."""
    for path in journal.parent.glob(f"{_literal(journal.name)}.format-*.backup"):
        if path.stat().st_mtime * 1000 < before_ms:
            path.unlink(missing_ok=True)


def _literal(name: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)
