"""A line of a table for what has been counted."""

from tests.mutation.tally import Tally


def header(first: str, *more: str) -> list[str]:
    columns = [first, "made", "the same", "by the compiler", "by rules", "missed", "share", *more]
    return [f"| {' | '.join(columns)} |", "|---" + "|---:" * (len(columns) - 1) + "|"]


def row(name: str, of: Tally, *more: str) -> str:
    same = f"{of.same} ({of.spoken_of} found)" if of.spoken_of else str(of.same)
    cells = [name, of.made, same, of.compiler, of.rules, of.missed, of.share, *more]
    return "| " + " | ".join(map(str, cells)) + " |"
