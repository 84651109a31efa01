"""Files of calls to make, as spreadsheets write them and as they should not be."""

import tracemalloc
from pathlib import Path

import pytest

from engine.cli.dial_rows import BadRow, Keys, Row, check_columns, header_of, rows
from engine.model.errors import ConfigurationError


def written(folder: Path, data: str | bytes) -> Path:
    path = folder / "calls.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def found(folder: Path, data: str | bytes) -> list[Row | BadRow]:
    path = written(folder, data)
    return list(rows(path, header_of(path)))


KIM, PAT = Row(2, {"to": "+15550177", "name": "Kim"}), Row(3, {"to": "+15550178", "name": "Pat"})


@pytest.mark.parametrize(
    "data",
    [
        "to,name\n+15550177,Kim\n+15550178,Pat\n",
        "to;name\r\n+15550177;Kim\r\n+15550178;Pat",
        "to\tname\n+15550177\tKim\n+15550178\tPat\n\n\n",
        "\ufeffto,name\n+15550177,Kim\n+15550178,Pat\n",
        '"to" , name \n"+15550177","Kim"\n +15550178 ,Pat\n',
        'to;"name"\n+15550177;Kim\n+15550178;Pat\n',
    ],
    ids=["plain", "semicolons and CRLF", "tabs and empty lines at the end", "BOM", "quotes and blanks", "mixed"],
)
def test_file_in_whichever_dress_has_the_same_rows(tmp_path: Path, data: str) -> None:
    assert found(tmp_path, data) == [KIM, PAT]


def test_row_over_two_lines_is_refused(tmp_path: Path) -> None:
    *bad, good = found(tmp_path, 'name,to\n"Kim\nand Pat",+15550177\nMo,+15550178\n')
    assert [(one.line, isinstance(one, BadRow)) for one in bad] == [(2, True), (3, True)]
    assert good == Row(4, {"to": "+15550178", "name": "Mo"})


def test_empty_cell_is_not_there(tmp_path: Path) -> None:
    assert found(tmp_path, "to,from,name\n+15550177,,\n") == [Row(2, {"to": "+15550177"})]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"+15550177", "1 cells, and there are 2 columns"),
        (b"+15550177,Kim,x", "3 cells, and there are 2 columns"),
        (b",Kim", "`to` is empty"),
        (b",", "`to` is empty"),
        (b"", "the line is empty"),
        (b"+15550177,K\xf6ln", "`name` is not UTF-8"),
        (b'+15550177,"Kim" x', "this is not CSV"),
    ],
)
def test_bad_row_is_named_and_the_rest_is_read(tmp_path: Path, line: bytes, said: str) -> None:
    bad, good = found(tmp_path, b"to,name\n" + line + b"\n+15550178,Pat\n")
    assert isinstance(bad, BadRow)
    assert (bad.line, said in bad.problem) == (2, True), bad
    assert good == PAT


def test_quote_that_is_not_closed_takes_no_other_row_with_it(tmp_path: Path) -> None:
    first, bad, last = found(tmp_path, 'to,name\n+15550177,Kim\n+15550178,"Pat\n+15550179,"Mo"\n')
    assert (first, last) == (KIM, Row(4, {"to": "+15550179", "name": "Mo"}))
    assert isinstance(bad, BadRow)
    assert (bad.line, "a quote not closed in this line" in bad.problem) == (3, True)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "has no column `to`. Its first line is empty."),
        (b"number,name\n", "has no column `to`. Its first line has: number, name."),
        (b"to,name,name\n", "has two columns `name`"),
        (b"to,name,\n", "column 3 has no name"),
        ("to,name\n".encode("utf-16"), "is UTF-16"),
        (b"to,n\xe4me\n", "is not UTF-8"),
    ],
)
def test_first_line_that_names_no_columns_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        header_of(written(tmp_path, data))
    assert said in caught.value.message


def test_columns_that_the_flow_does_not_know_or_misses_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "to,from,name,age\n")
    check_columns(path, header_of(path), "f", {"name": True, "age": False, "size": False})
    with pytest.raises(ConfigurationError, match="flow f has no input `age`"):
        check_columns(path, header_of(path), "f", {"name": True})
    with pytest.raises(ConfigurationError, match="no column for the inputs `date`, `time` of flow f"):
        check_columns(path, header_of(path), "f", {"name": True, "age": True, "date": True, "time": True})


def test_keys_are_of_the_batch_the_content_and_the_number_among_equal_rows() -> None:
    def keys(batch: str, *rows: dict[str, str]) -> list[str]:
        made = Keys(batch)
        return [made.of(Row(line, row)) for line, row in enumerate(rows)]

    kim, pat = {"to": "+1", "name": "Kim"}, {"to": "+1", "name": "Pat"}
    first = keys("a", kim, pat, kim)
    assert len(set(first)) == 3
    assert keys("a", kim, pat, kim) == first
    assert keys("a", dict(reversed(kim.items())), kim, pat) == [first[0], first[2], first[1]]
    assert not set(keys("b", kim, pat, kim)) & set(first)


def test_large_file_is_not_held(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    filler = "x" * 1_500
    with path.open("w") as file:
        file.write("to,name\n")
        file.writelines(f"+1555{n:07},{filler}\n" for n in range(20_000))
    header, keys = header_of(path), Keys("large")
    tracemalloc.start()
    try:
        count = sum(1 for row in rows(path, header) if isinstance(row, Row) and keys.of(row))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 20_000
    assert path.stat().st_size > 30_000_000
    assert peak < 4_000_000
