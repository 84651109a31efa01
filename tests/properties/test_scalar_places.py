"""A place in a text is found in its source, for every style that YAML writes texts in."""

import textwrap
from itertools import pairwise

import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.compile.located import Mapping, Scalar, Source
from engine.compile.offsets import pieces, source_range
from engine.compile.yaml_reader import read

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
WORDS = st.text(alphabet="abc '\"\\:#é😀\n\t,${}-", min_size=1, max_size=40)
LINES = st.lists(st.text(alphabet="ab ':é😀\"\\ ", max_size=12), min_size=1, max_size=6)
HEADERS = st.sampled_from(["|", ">", "|-", ">-", "|+", ">+"])
ESCAPES = {
    "\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "é": "\\u00e9", "😀": "\\U0001F600", "a": "\\x61",
}  # fmt: skip


def scalar_of(document: str) -> tuple[Scalar, str]:
    """The value of the document's only key, and how it is written."""
    root, report = read("f", document.encode())
    assume(isinstance(root, Mapping) and not report.diagnostics)
    assert isinstance(root, Mapping)
    value = root.get("key")
    assume(isinstance(value, Scalar))
    assert isinstance(value, Scalar)
    assert value.plain or value.text == yaml.load(document, Loader=LOADER)["key"]
    check_ranges(report.source, value)
    return value, document[value.start : value.end]


def check_ranges(source: Source, value: Scalar) -> None:
    for offset in range(len(value.text)):
        start, end = source_range(source, value, offset, 1)
        assert value.start <= start < end <= value.end


def check(value: Scalar, raw: str) -> None:
    """Each character comes from itself, from its escape, or from the line break that it stands for."""
    found = pieces(raw, value.text)
    assert found is not None, "the source was not understood"
    assert "".join(char for char, _, _ in found) == value.text
    assert all(before[2] <= after[1] for before, after in pairwise(found))
    for char, start, end in found:
        written = raw[start:end]
        if raw[0] == '"' and written.startswith("\\"):
            assert yaml.safe_load(f'"{written}"') == char
        elif raw[0] == "'" and char == "'":
            assert written == "''"
        elif char in " \n":
            assert written in (char, "\n")
        else:
            assert written == char


@given(WORDS)
def test_single_quotes(text: str) -> None:
    check(*scalar_of("key: '" + text.replace("'", "''").replace("\n", "\n  ") + "'\n"))


@given(WORDS, st.sets(st.sampled_from(sorted(ESCAPES))), st.booleans())
def test_double_quotes(text: str, escaped: set[str], continued: bool) -> None:
    always = {"\\", '"'}
    written = "".join(ESCAPES[char] if char in escaped | always else char for char in text)
    if continued:
        written = written.replace("b", "b\\\n   ", 1)
    check(*scalar_of('key: "' + written.replace("\n", "\n  ") + '"\n'))


@given(WORDS)
def test_plain(text: str) -> None:
    check(*scalar_of("key: " + text.replace("\n", "\n  ") + "\n"))


@given(LINES, HEADERS, st.integers(1, 4))
def test_blocks(lines: list[str], header: str, indent: int) -> None:
    body = textwrap.indent("\n".join(lines), " " * indent)
    check(*scalar_of(f"key: {header}\n{body}\n\nnext: x\n"))


@given(LINES, st.sampled_from(["|2", ">2", "|2-", ">2+"]))
def test_blocks_with_an_indentation_of_their_own(lines: list[str], header: str) -> None:
    body = textwrap.indent("\n".join(lines), "  ")
    check(*scalar_of(f"key: {header}\n{body}\nnext: x\n"))


@given(LINES, HEADERS)
def test_blocks_with_line_ends_of_windows(lines: list[str], header: str) -> None:
    body = textwrap.indent("\n".join(lines), "  ")
    value, raw = scalar_of(f"key: {header}\n{body}\nnext: x\n".replace("\n", "\r\n"))
    assert pieces(raw, value.text) is not None
