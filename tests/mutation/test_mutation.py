"""The machinery of the check works, and its page can be made again. All mutants: `make mutants`."""

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from engine.compile import yaml_reader
from engine.project import testing
from tests.architecture.source import ROOT
from tests.mutation.beside import short_row
from tests.mutation.document import Document, Edit, applied
from tests.mutation.explained import EXPLAINED
from tests.mutation.independent.explained import EXPLAINED as SECOND_LIST
from tests.mutation.kinds import KINDS
from tests.mutation.mutant import Mutant
from tests.mutation.page import PAGE, sample_row
from tests.mutation.running import UNSEEN, judge, make, sampled, shortly_tried
from tests.mutation.tally import misses
from tests.mutation.verdict import Bench, Verdict

_FOLDERS = {"flows": ROOT / "flows", "unseen": UNSEEN}
_ROW = re.compile(r"^\| `(?P<kind>\w+)` \|(?: [^|]+ \|){4} (?P<missed>\d+) \|", re.MULTILINE)


@pytest.fixture(scope="module")
def sample() -> list[Verdict]:
    return judge(UNSEEN, sampled(), workers=1)


def every() -> Iterator[Mutant]:
    return chain.from_iterable(make(root, cap=6) for root in _FOLDERS.values())


def test_mutant_is_yaml_and_not_the_original() -> None:
    originals = {root / path: (root / path).read_text() for root in _FOLDERS.values() for path in _paths(root)}
    for one in every():
        _, report = yaml_reader.read(one.path, one.text.encode())
        assert not [found for found in report.diagnostics if found.code in ("SYN001", "SYN002")], str(one)
        assert one.text not in originals.values(), str(one)


def _paths(root: object) -> list[str]:
    return Bench(root).folder.files  # type: ignore[arg-type]  # a folder


def test_kinds_are_many_and_say_what_they_are() -> None:
    assert len(KINDS) > 100
    for one in KINDS.values():
        assert one.sentence.endswith("."), one.name
        assert one.notices, one.name


def test_flows_of_the_check_compile() -> None:
    bench = Bench(UNSEEN)
    for flow in bench.folder.flows:
        assert bench.folder.graph(flow, bench.calendars(flow)) is not None, flow


@pytest.mark.parametrize("tests", sorted(UNSEEN.glob("*.test.yaml")), ids=lambda one: one.name)
def test_flows_of_the_check_pass_their_tests_which_take_every_transition(tests: Path) -> None:
    found = testing.run(tests)
    assert not found.diagnostics
    assert not [f"{one.case}: {why.message}" for one in found.results for why in one.failures]
    assert not [point for point in found.points if point not in found.passed_points]


@pytest.mark.slow
def test_calls_go_most_ways_of_an_unseen_flow() -> None:
    driven = Bench(UNSEEN).driven("bike_workshop.flow.yaml")
    assert driven.taken >= 0.9 * driven.ways


def test_mutant_that_misspells_a_target_is_the_compilers() -> None:
    wrong = next(one for one in make(UNSEEN, cap=1) if one.kind == "target_misspelt")
    assert Bench(UNSEEN).try_(wrong).by == "compiler"


@pytest.mark.slow
def test_same_text_in_other_words_is_the_same_and_another_text_is_not() -> None:
    bench, path = Bench(UNSEEN), "bike_workshop.flow.yaml"
    text = bench.folder.text(path)
    spaced = _mutant(path, text.replace('"Spoke and Sons, good day."', "'Spoke and Sons, good day.'"))
    other = _mutant(path, text.replace("good day", "good morning"))
    assert bench.try_(spaced).same
    assert not bench.try_(other).same


def _mutant(path: str, text: str) -> Mutant:
    return Mutant(kind="text_empty", flow=path, path=path, where="hello", change="", text=text)


@pytest.mark.slow
def test_share_of_the_sample_is_the_pages(sample: list[Verdict]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert sample_row(sample) in text, "lint finds more or less than the page says: python -m tests.mutation --write"


@pytest.mark.slow
def test_what_other_tools_find_of_a_small_flow_is_the_pages() -> None:
    tried = shortly_tried(_FOLDERS["flows"])
    assert short_row(tried) in PAGE.read_text(encoding="utf-8"), "python -m tests.mutation --write"
    assert any(one.by_tests and not one.by_lint for one in tried)
    assert not all(one.by_tests for one in tried)


@pytest.mark.slow
def test_kinds_with_misses_are_explained(sample: list[Verdict]) -> None:
    missed = {found["kind"] for found in _ROW.finditer(PAGE.read_text(encoding="utf-8")) if int(found["missed"])}
    assert missed
    assert {*missed, *(one.mutant.kind for one in misses(sample))} <= {*EXPLAINED, *SECOND_LIST}


def test_explanations_are_of_kinds() -> None:
    assert set(EXPLAINED) <= set(KINDS)


_STEPS = """\
steps:
  one:
    play: "One."
    next: two
  two: {wait: 1s, next: one}
  three:
    ask:
      prompt: >-
        A long
        prompt.
      digits:
        max: 1
    next: {digits: one, otherwise: two}
"""


def test_dropping_an_entry_leaves_the_rest_as_it_was() -> None:
    of = Document("x.flow.yaml", _STEPS)
    inline, block = of.step("two"), of.step("three")
    assert inline is not None
    assert block is not None
    assert "two: {wait: 1s}" in _with(of, of.drop(inline.node, "next"))
    assert "two: {next: one}" in _with(of, of.drop(inline.node, "wait"))
    without = _with(of, of.drop(of.section("steps", "three", "ask"), "prompt"))
    assert "    ask:\n      digits:\n        max: 1\n    next:" in without


def test_block_text_is_replaced_as_a_whole() -> None:
    of = Document("x.flow.yaml", _STEPS)
    prompt = of.at("steps", "three", "ask", "prompt")
    assert prompt is not None
    assert '      prompt: "Short."\n      digits:' in _with(of, of.put(prompt, '"Short."'))


def _with(of: Document, edit: Edit | None) -> str:
    assert edit is not None
    return applied(of.text, [edit])
