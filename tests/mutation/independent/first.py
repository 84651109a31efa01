"""What lint found when it was first asked, before its authors had heard of this list: first.csv, which nobody writes anew."""

import csv
from collections.abc import Iterable
from pathlib import Path

from tests.mutation.tally import Tally

_FILE = Path(__file__).with_name("first.csv")
OLD = ": the other list"
COLUMNS = ("made", "same", "spoken_of", "compiler", "rules", "missed")


def first(folder: str | None = None, kind: str | None = None) -> Tally:
    """Of a folder and a kind, or of all of them that are of this list: those of the other one have folders with `OLD`."""
    counted = [one for one in _rows() if folder in (None, one["folder"]) and kind in (None, one["kind"])]
    mine = [one for one in counted if folder is not None or not one["folder"].endswith(OLD)]
    return Tally(**{column: sum(int(one[column]) for one in mine) for column in COLUMNS})


def write(counted: Iterable[tuple[str, str, Tally]]) -> None:
    """Only once: there is no second first time."""
    with _FILE.open("x", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["folder", "kind", *COLUMNS])
        out.writerows([folder, kind, *(getattr(of, one) for one in COLUMNS)] for folder, kind, of in counted)


def _rows() -> list[dict[str, str]]:
    with _FILE.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
