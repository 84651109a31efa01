"""A mistake hides no finding of the sound parts, and makes none: what is said of a broken file is true of the mended one."""

from pathlib import Path
from zlib import crc32

import pytest

from engine.lint import registry
from engine.lint.finding import Finding
from engine.lint.run import lint
from engine.lint.settings import Settings
from engine.model.bundle import Bundle
from engine.project import flows as project
from tests.lint.breaking import Broken, broken
from tests.lint.corpus import flows, named
from tests.lint.flow import HEAD, check, codes, small

FLOWS = [*flows("err"), *flows("ok")]
_SEVERITIES = ("info", "warning", "error")
_EACH_USE = ("key of vars", "key of uses", "key of inputs", "key of signals")
"""A name that is declared under another one: each place that uses it is told so."""
_SHARE = 3
"""One of so many mistakes is tried, always the same ones."""


class _Flow:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self._bundle = project.read(path).bundle

    def findings(self, text: str) -> tuple[Finding, ...]:
        files = {**self._bundle.files, f"{self._bundle.flow}.flow.yaml": text.encode()}
        return lint(Bundle(self._bundle.flow, files), file=self.path.name, settings=Settings())

    def broken(self) -> list[Broken]:
        return [
            one for one in broken(self.text) if crc32(f"{self.path.name} {one.kind} {one.start}".encode()) % _SHARE == 0
        ]


@pytest.mark.parametrize("path", FLOWS, ids=named)
def test_what_is_said_of_a_broken_file_is_true_of_the_mended_one(path: Path) -> None:
    flow = _Flow(path)
    true = {(one.code, one.span.line): _SEVERITIES.index(one.severity) for one in flow.findings(flow.text)}
    wrong: list[str] = []
    for one in flow.broken():
        found = [
            each for each in flow.findings(one.text) if (each.code, each.span.line) not in true or _worse(each, true)
        ]
        mistakes = [each for each in found if registry.is_compilers(each.code, each.name)]
        follows = [each for each in found if each not in mistakes]
        if not mistakes:
            continue  # it is another flow, and as sound
        if follows or (len(mistakes) > 1 and one.kind not in _EACH_USE):
            wrong.append(f"{one.kind} in line {one.text.count(chr(10), 0, one.start) + 1}:")
            wrong += [f"  {each.span.line}: {each.code} {each.message}" for each in (*mistakes, *follows)]
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


def _worse(found: Finding, true: dict[tuple[str, int], int]) -> bool:
    return _SEVERITIES.index(found.severity) > true[found.code, found.span.line]


SOUND = """\
flow: small
language: 1
uses: {desk: number}
start: hello
steps:
  hello:
    play: "Hello."
    next: round
  round:
    play: "Hold on."
    next: held
  held:
    wait: 20s
    next: round
  away:
    transfer: {dest: "${{ uses.desk }}"}
  gone:
    play: "You are gone."
    next: bye
  bye:
    end: hangup
handlers: {hangup: gone}
"""
ALL = ["FLW004", "UX007", "FLW002", "API011"]


@pytest.mark.parametrize(
    ("right", "wrong", "code", "hidden"),
    [
        ("desk: number", "desk: phone", "SYN005", ["FLW002"]),
        ("gone}", "gonne}", "FLW001", ["API011", "FLW002"]),
        ("transfer:", "transfr:", "SYN003", ["FLW002"]),
        ('    transfer: {dest: "${{ uses.desk }}"}', '    play: "Bye.', "SYN001", ["FLW002"]),
        ("next: round\n  round", "next: rond\n  round", "FLW001", ["FLW004", "UX007", "FLW002"]),
        ('"Hold on."', "[[]]", "SYN005", ["FLW004", "UX007"]),
    ],
)
def test_mistake_hides_only_what_depends_on_it(right: str, wrong: str, code: str, hidden: list[str]) -> None:
    assert codes(SOUND) == ALL
    assert right in SOUND
    assert sorted(codes(SOUND.replace(right, wrong, 1))) == sorted([code, *(one for one in ALL if one not in hidden)])


@pytest.mark.parametrize("step", ["plai: Hello.", "play: Hello.\n    end: hangup"])
def test_targets_of_a_step_that_is_not_understood_are_looked_at(step: str) -> None:
    found = codes(small(f"  a:\n    {step}\n    next: {{finished: bye, otherwise: nowhere}}\n"))
    assert found in (["SYN003", "FLW001"], ["SYN012", "FLW001"])


def test_broken_order_may_be_what_stops_the_music() -> None:
    music = (
        '  a:\n    play: {play: [{audio: "https://example.com/a.mp3"}], loop: 0}\n    background: true\n    next: b\n'
    )
    assert "API012" in codes(small(f"{music}  b:\n    wait: 1s\n    next: bye\n"))
    assert codes(small(f"{music}  b:\n    play.stp: a\n    next: bye\n")) == ["SYN003"]


def test_names_that_may_be_unset_are_found_beside_a_mistake() -> None:
    steps = "  a:\n    wait: 1s\n    next: b\n  b:\n    play: '${{ steps.c.url }}'\n    next: c\n  c:\n    record: {max_length: 9}\n    next: bye\n"
    assert "VAR002" in codes(small(steps))
    assert {"VAR002", "SYN003"} <= {*codes(small(f"{steps}  d:\n    pley: x\n    next: bye\n"))}
    assert "VAR002" not in codes(small(steps.replace("wait: 1s", "wiat: 1s")))


@pytest.mark.parametrize("sign", ['"', "'", "[", "]", "{", "}", ":"])
def test_character_that_is_missing_is_one_finding_in_its_line(sign: str) -> None:
    for at in (place for place, one in enumerate(_PUNCTUATED) if one == sign):
        found = [one for one in check(_PUNCTUATED[:at] + _PUNCTUATED[at + 1 :]) if one.severity == "error"]
        assert [one.span.line for one in found] in ([], [_PUNCTUATED.count("\n", 0, at) + 1])


_PUNCTUATED = f"""\
{HEAD}uses: {{desk: number}}
vars:
  told: ""
steps:
  a:
    play: "Hello."
    note: 'It is so.'
    next: b
  b:
    ask:
      prompt: "What's your PIN?"
      digits: {{max: 1}}
      choices:
        one: {{keys: ["1"], next: c}}
        two: {{keys: ['2']}}
    next: {{two: d, otherwise: d}}
  c:
    set: {{told: "'yes'"}}
    next: d
  d:
    play:
      - "Don't go."
      - {{audio: "https://example.com/x.mp3"}}
    next: e
  e:
    transfer: {{dest: "${{{{ uses.desk }}}}"}}
  gone: {{end: done}}
handlers:
  hangup: gone
"""


@pytest.mark.parametrize(
    ("handlers", "waited"), [("{signal.nite: b}", "note"), ("{signal.note: b}", "nite"), ("{signal.nite: b}", "nite")]
)
def test_signal_that_is_not_declared_is_an_answer(handlers: str, waited: str) -> None:
    text = f"""\
flow: small
language: 1
signals: {{note: {{text: string}}}}
handlers: {handlers}
start: a
steps:
  a: {{play: Hello., next: w}}
  w:
    wait: {{signal: {waited}, timeout: 2s}}
    next: said
  said: {{play: "Note ${{{{ signal.text }}}}", next: bye}}
  b: {{play: "Note ${{{{ signal.text }}}}", next: resume}}
  bye:
    end: hangup
"""
    found = codes(text)
    assert found.count("VAR001") == (handlers + waited).count("nite"), found


def test_repair_that_is_looked_for_when_the_time_is_over_is_none() -> None:
    text = small("  a:\n    ask: {prompt: Key?, digits: {max: 1}}\n    next: {digits: bye}\n")
    found = check(text, late=lambda: True)
    assert "LNT001" in [one.code for one in found]
    for calls in range(1, 60):
        left = iter([False] * calls)
        assert check(text, late=lambda left=left: next(left, True))  # type: ignore[misc]  # a default binds the loop's


@pytest.mark.parametrize(
    "first",
    [
        "    detect: {type: machine, timeout: 20, human: b, otherwise: bye}\n",
        '    play: "${{ vars.x }}"\n    next: c\n',
        '    play: "${{ vars.x }}"\n',
        "    branch:\n      - {if: vars.x, next: bye}\n      - else: bye\n    next: {error: bye}\n",
        '    ask: {prompt: "Press 1.", digits: {max: 1}, choices: {b: {keys: ["1"], nxt: b}}}\n    next: {otherwise: bye, b: c}\n',
    ],
)
def test_no_step_is_taken_out_behind_one_that_leads_nobody_knows_where(first: str) -> None:
    found = check(small(f'  a:\n{first}  b:\n    play: "Hello."\n    next: bye\n'))
    assert "FLW002" not in [one.code for one in found]
    assert {one.severity for one in found} == {"error"}
