"""Input of any kind gives diagnostics, quickly: never an exception, never a crash of the process."""

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from engine.compile import compile_bundle
from engine.model.bundle import Bundle
from tests.compile.corpus import HERE

ROOT = HERE.parents[1]
FRAME = "flow: f\nlanguage: 1\nstart: a\nvars: {x: 0, t: ''}\nsteps:\n  a:\n    play: Hello.\n    next: b\n  b:\n    end: hangup\n"
CEL = "flow: f\nlanguage: 1\nstart: a\nsteps:\n  a:\n    branch:\n      - if: |\n          %s\n        next: b\n      - else: b\n  b:\n    end: hangup\n"
MANY = 100_000
STEPS = "".join(f"  a{number}: {{end: hangup}}\n" for number in range(37_000))
NAMES = "".join(f"  a{number}: {{play: '${{{{steps.a{number}.code}}}}', next: b}}\n" for number in range(17_000))


class Case(NamedTuple):
    data: str
    code: str


CASES = {
    "brackets": Case("[" * MANY, "SYN009"),
    "braces": Case("{" * MANY, "SYN009"),
    "maps_in_braces": Case("{a: " * MANY, "SYN009"),
    "closed_brackets": Case(f"flow: f\nsteps: {'[' * 40_000}{']' * 40_000}\n", "SYN009"),
    "nested_blocks": Case("".join(f"{' ' * depth}a:\n" for depth in range(1_000)), "SYN009"),
    "nested_lists": Case("- " * MANY, "SYN009"),
    "complex_keys": Case("? " * MANY, "SYN009"),
    "alias_bomb": Case("a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a]\n" for n in range(2_000)), "SYN004"),
    "too_large": Case("#" * 10_000_000, "SYN009"),
    "long_text": Case(FRAME.replace("Hello.", "x" * 900_000), ""),
    "long_key": Case(FRAME + "x" * 100_000 + ": 1\n", "SYN001"),
    "long_unknown_key": Case(FRAME.replace("    next: b", f"    next: b\n    {'x' * 900}: 1"), "SYN003"),
    "many_steps": Case(FRAME + STEPS, ""),
    "many_names": Case(FRAME + NAMES, ""),
    "many_mistakes": Case(FRAME + STEPS.replace("hangup", "hangpu"), "SYN005"),
    "many_broken_steps": Case(FRAME + "".join(f"  c{n}:\n    play: a: b\n" for n in range(5_000)), "SYN001"),
    "many_values": Case("flow: f\nsteps: [" + "1," * 300_000 + "1]\n", "SYN009"),
    "many_lines": Case(FRAME + "\n" * 900_000, ""),
    "colons": Case(":" * MANY, "SYN001"),
    "quotes": Case("'" * MANY, "SYN009"),
    "open_quote": Case(FRAME + "    '" + "x\n" * MANY, "SYN001"),
    "tabs": Case("\t" * MANY, "SYN001"),
    "dashes": Case("---\n" * MANY, "SYN009"),
    "cel_brackets": Case(CEL % ("(" * MANY + "1" + ")" * MANY), "SYN011"),
    "cel_not": Case(CEL % ("!" * MANY + "true"), "SYN011"),
    "cel_sum": Case(CEL % ("1 + " * MANY + "1 == 1"), "SYN011"),
    "cel_or": Case(CEL % ("true || " * 12_000 + "true"), ""),
    "cel_fields": Case(CEL % ("a" + ".b" * MANY), "SYN011"),
    "cel_list": Case(CEL % ("1 in [" + "1, " * 30_000 + "1]"), ""),
    "cel_conditions": Case(CEL % ("true ? " * MANY + "true"), "SYN011"),
    "cel_quotes": Case(CEL % ("'" * 99_999), "SYN011"),
    "cel_name": Case(CEL % ("a" * 90_000), "VAR001"),
    "cel_macros": Case(CEL % ("[1].exists(x, " * 200 + "true" + ")" * 200), "SYN011"),
    "templates": Case(FRAME.replace("Hello.", "'" + "${{ vars.x }}" * 20_000 + "'"), ""),
    "open_templates": Case(FRAME.replace("Hello.", "'" + "${{" * MANY + "'"), "SYN011"),
    "regex_explodes": Case(
        FRAME.replace("play: Hello.", "ask: {prompt: A, digits: {max: 9}, accept: '^(([0-9]+)+)+$'}"), "VAR005"
    ),
    "regex_is_huge": Case(
        FRAME.replace("play: Hello.", f"ask: {{prompt: A, digits: {{max: 9}}, accept: '{'(' * 50_000}'}}"), "VAR005"
    ),
    "regex_counts": Case(
        FRAME.replace("play: Hello.", "ask: {prompt: A, digits: {max: 9}, accept: '((a{1,999}){1,999}){1,999}'}"),
        "VAR005",
    ),
}
"""Name: the file, and the code that its diagnostics must hold (`""`: none, it is a good flow)."""

SECONDS = 20
"""Far more than each of them takes; a loop that does not end is what this catches."""


@pytest.mark.parametrize("name", CASES)
def test_hostile_input_gives_diagnostics_and_no_crash(name: str, tmp_path: Path) -> None:
    """In a process of its own, because the C libraries below us would take the whole one with them."""
    file = tmp_path / "f.flow.yaml"
    file.write_bytes(CASES[name].data.encode())
    told = subprocess.run(
        [sys.executable, "-m", "tests.compile.compile_one", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert told.returncode == 0, f"status {told.returncode}: {told.stderr[-500:]}"
    codes = told.stdout.split()
    assert (CASES[name].code in codes) if CASES[name].code else codes == []


def codes_and_places(data: bytes) -> list[tuple[str, int, int]]:
    found = compile_bundle(Bundle("f", {"f.flow.yaml": data})).diagnostics
    return [(one.code, one.span.line, one.span.column) for one in found]


@pytest.mark.parametrize(
    ("data", "code", "line", "column"),
    [
        pytest.param(b"", "SYN009", 1, 1, id="empty"),
        pytest.param(b"\n\n", "SYN009", 1, 1, id="blank"),
        pytest.param(b"# only\n# comments\n", "SYN009", 1, 1, id="comments"),
        pytest.param(b"\xef\xbb\xbf", "SYN009", 1, 1, id="only a byte order mark"),
        pytest.param(b"---\n", "SYN009", 2, 1, id="only a marker"),
        pytest.param(b"null\n", "SYN009", 1, 1, id="null"),
        pytest.param(b"\x00\x01\x02\x7fELF", "SYN001", 1, 1, id="binary"),
        pytest.param(b"flow: f\nlanguage: \x001\n", "SYN001", 2, 11, id="nul"),
        pytest.param(b"flow: f\nnote: \x07\n", "SYN001", 2, 7, id="control character"),
        pytest.param("flow: f\nnäme: \x1b\n".encode(), "SYN001", 2, 7, id="control character behind others"),
        pytest.param(b"flow: f\nlanguage: \xe4\n", "SYN009", 2, 11, id="latin 1"),
        pytest.param(b"\xef\xbb\xbfflow: f\nname: caf\xe9\n", "SYN009", 2, 10, id="latin 1 behind a byte order mark"),
        pytest.param("flow: f\n".encode("utf-16"), "SYN009", 1, 1, id="utf-16"),
        pytest.param(b"flow: \xed\xa0\x80\n", "SYN009", 1, 7, id="surrogate"),
        pytest.param(b"flow: f\r\nlanguage: [\r\n", "SYN001", 2, 11, id="crlf"),
        pytest.param(b"%YAML 9.9\n---\nflow: f\n", "SYN001", 1, 1, id="another YAML"),
        pytest.param(b"%FOO bar\n---\n- a\n", "SYN009", 3, 1, id="unknown directive"),
        pytest.param(b"--- !!map\nflow: f\n", "SYN004", 1, 5, id="tag"),
        pytest.param(b"&a\n", "SYN004", 1, 1, id="anchor of nothing"),
        pytest.param(b"*a\n", "SYN004", 1, 1, id="alias of nothing"),
        pytest.param(b"? [a, b]\n: c\n", "SYN005", 1, 3, id="list as a key"),
        pytest.param(b"a: {b: {c: 1, c: 2}}\n", "SYN002", 1, 15, id="duplicate key deep inside"),
        pytest.param(b"a: 1\n'a': 2\n", "SYN002", 2, 1, id="duplicate key in quotes"),
        pytest.param(b"flow: f\n...\nlanguage: 1\n", "SYN001", 3, 1, id="text behind the end"),
    ],
)
def test_odd_file_is_told_where_it_is_odd(data: bytes, code: str, line: int, column: int) -> None:
    assert (code, line, column) in codes_and_places(data)


def test_yaml_directive_of_a_known_version_is_let_pass() -> None:
    assert codes_and_places(b"%YAML 1.2\n---\n" + FRAME.encode()) == []


def test_byte_that_is_not_utf8_is_counted_from_the_start_of_the_file() -> None:
    found = compile_bundle(Bundle("f", {"f.flow.yaml": "\ufeffflow: ä".encode() + b"\xff"})).diagnostics
    assert found[0].message == "Byte 12 (0xff) is not UTF-8."


@pytest.mark.parametrize(
    "document",
    [
        b"[" * MANY,
        b'{"sections": {"main": ["\\ud800"]}}',
        b'{"sections": {"main": [NaN]}}',
        b"\xff",
        b"",
        b'{"sections": {"main": {}}}',
        b'{"sections": []}',
        b'{"sections": "main"}',
        b"null",
    ],
)
@pytest.mark.parametrize("name", ["a.json", "a.yaml"])
def test_odd_swml_file_is_a_diagnostic_of_the_step_that_names_it(name: str, document: bytes) -> None:
    flow = f"flow: f\nlanguage: 1\nstart: a\nsteps:\n  a:\n    redirect: {{swml: {name}}}\n".encode()
    result = compile_bundle(Bundle("f", {"f.flow.yaml": flow, f"swml/{name}": document}))
    surrogate_escape_is_text = b"ud800" in document and name.endswith(".yaml")
    nan_is_text = b"NaN" in document and name.endswith(".yaml")
    expected = [] if nan_is_text else ["FLW015"]
    assert [one.code for one in result.diagnostics] == expected or surrogate_escape_is_text
