"""The rows of a CSV file with calls to make: read one after the other, whatever is wrong with some of them."""

import csv
import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from engine.model.errors import ConfigurationError, cannot_read

_DELIMITERS = ",;\t"
_NOT_UTF8 = re.compile(r"[\udc80-\udcff]")
_UTF16 = ("\udcff\udcfe", "\udcfe\udcff")
_OWN = ("to", "from")


class Header(Struct, frozen=True):
    columns: tuple[str, ...]
    delimiter: str


class Row(Struct, frozen=True):
    """`line` is where it stands; `cells` those that are not empty, by column."""

    line: int
    cells: Mapping[str, str]


class BadRow(Struct, frozen=True):
    line: int
    problem: str


def header_of(path: Path) -> Header:
    """The file's first line, by which its delimiter is known too. `ConfigurationError` says what is wrong with it."""
    try:
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
            line = file.readline(100_000)
    except OSError as error:
        raise cannot_read(path, error) from None
    if _NOT_UTF8.search(line):
        kind = "UTF-16" if line.startswith(_UTF16) else "not UTF-8"
        raise ConfigurationError(f"{path} is {kind}.", help="Save it as CSV in UTF-8.")
    found = [Header(_names(line, delimiter), delimiter) for delimiter in _DELIMITERS]
    # The right one parts the line into most columns; a name may have another one in it.
    header = max(found, key=lambda one: ("to" in one.columns, len(one.columns)))
    _check_names(path, header.columns)
    return header


def _names(line: str, delimiter: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in next(csv.reader([line], delimiter=delimiter), ()))


def _check_names(path: Path, columns: tuple[str, ...]) -> None:
    twice = next((name for name in columns if columns.count(name) > 1), None)
    if "to" not in columns:
        named = f"Its first line has: {', '.join(columns)[:200]}." if any(columns) else "Its first line is empty."
        raise ConfigurationError(f"{path} has no column `to`. {named}", help="The first line names the columns.")
    if "" in columns:
        raise ConfigurationError(f"{path}: column {columns.index('') + 1} has no name.", help="Name or remove it.")
    if twice is not None:
        raise ConfigurationError(f"{path} has two columns `{twice}`.", help="Rename or remove one of them.")


def check_columns(path: Path, header: Header, flow: str, inputs: Mapping[str, bool]) -> None:
    """`inputs` are the flow's: is each required? `ConfigurationError` when the columns do not fit them."""
    known = ", ".join(inputs) or "none"
    unknown = [name for name in header.columns if name not in inputs and name not in _OWN]
    missing = [name for name, required in inputs.items() if required and name not in header.columns]
    if unknown:
        raise ConfigurationError(
            f"{path}: flow {flow} has no {_inputs(unknown)}.",
            help=f"Its inputs: {known}. Rename the column, or remove it. Nobody was called.",
        )
    if missing:
        raise ConfigurationError(
            f"{path} has no column for the {_inputs(missing)} of flow {flow}.",
            help="Add it, or give the input a default. Nobody was called.",
        )


def _inputs(names: Collection[str]) -> str:
    return f"{'input' if len(names) == 1 else 'inputs'} {', '.join(f'`{name}`' for name in names)}"


def rows(path: Path, header: Header) -> Iterator[Row | BadRow]:
    """One after the other; no more than one is held. Empty lines at the end are not there. A row is one line, or a quote
    that is not closed would take all that follow into its cell."""
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        file.readline()
        empty = range(0)
        for line, text in enumerate(file, start=2):
            try:
                cells = _cells(text.rstrip("\r\n"), header.delimiter)
            except csv.Error as error:
                yield BadRow(line, _broken(error))
                continue
            if not cells:
                empty = range(empty.start if empty else line, line + 1)
                continue
            yield from (BadRow(one, "the line is empty") for one in empty)
            empty = range(0)
            yield _row(line, header.columns, cells)


def _cells(line: str, delimiter: str) -> list[str]:
    """The reader takes a quote amid a cell; the second half of a cell of two lines must not pass for a row."""
    if line.count('"') % 2:
        raise csv.Error("a quote stands alone")
    return next(csv.reader([line], delimiter=delimiter, strict=True), [])


def _broken(error: csv.Error) -> str:
    return f"this is not CSV: {error}. Is a quote not closed in this line, or not doubled within quotes?"


def _row(line: int, columns: tuple[str, ...], cells: list[str]) -> Row | BadRow:
    if len(cells) != len(columns):
        return BadRow(line, f"{len(cells)} cells, and there are {len(columns)} columns")
    named = dict(zip(columns, cells, strict=True))
    wrong = [name for name, cell in named.items() if _NOT_UTF8.search(cell)]
    if wrong:
        return BadRow(line, f"`{wrong[0]}` is not UTF-8")
    for name in _OWN:
        if name in named:
            named[name] = named[name].strip()
    if not named["to"]:
        return BadRow(line, "`to` is empty")
    return Row(line, {name: cell for name, cell in named.items() if cell})


class Keys:
    """Idempotency keys of a batch: a function of its name, of what stands in a row (in whichever order of columns), and of
    its number among equal rows. A row costs some 100 bytes, however long it is."""

    def __init__(self, batch: str) -> None:
        self._batch = batch
        self._seen: dict[int, int] = {}

    def of(self, row: Row) -> str:
        content = hashlib.sha256(json.dumps([self._batch, sorted(row.cells.items())]).encode()).digest()
        short = int.from_bytes(content[:8])
        number = self._seen[short] = self._seen.get(short, 0) + 1
        return "csv-" + hashlib.sha256(content + str(number).encode()).hexdigest()[:40]
