"""How one speaks with callers, and lets them speak."""

import re
from collections.abc import Iterator

from engine.compile.located import Mapping, Scalar
from tests.mutation.document import Document, below, text_of
from tests.mutation.independent.making import made
from tests.mutation.independent.places import FAILURES, first_end, prompts
from tests.mutation.mutant import Mutation, mutation

_SENTENCE = re.compile(r"[^.\"'{}]*\b[Pp]ress \d\b[^.\"'{}]*\.")
_KEY = re.compile(r"\b[Pp]ress (\d)\b")


@made
def hears_all_of_it(of: Document) -> Iterator[Mutation | None]:
    return _asked_with(of, "barge_in", "false")


@made
def one_attempt(of: Document) -> Iterator[Mutation | None]:
    return _asked_with(of, "attempts", "1")


@made
def hurried(of: Document) -> Iterator[Mutation | None]:
    return _asked_with(of, "initial_timeout", "1")


@made
def clock_from_the_start(of: Document) -> Iterator[Mutation | None]:
    return _asked_with(of, "timers", "now")


def _asked_with(of: Document, param: str, value: str) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask"):
        assert isinstance(step.value, Mapping)
        given = step.value.get(param)
        edit = of.put(given, value) if given is not None else of.add(step.value, f"{param}: {value}")
        yield mutation(step.name, f"{param}: {value}", edit)


@made
def farewell_goes_on(of: Document) -> Iterator[Mutation | None]:
    ends, start = {step.name for step in of.of_verb("end")}, text_of(of.root, "start")
    for step in of.of_verb("play"):
        if isinstance(step.next, Scalar) and step.next.text in ends:
            yield mutation(step.name, f"goes on at {start}", of.put(step.next, start))


@made
def hung_up_without_a_word(of: Document) -> Iterator[Mutation | None]:
    end = first_end(of)
    for step in of.of_verb("ask"):
        for outcome, target in of.targets(step):
            if end and outcome in ("no_input", "no_match", "otherwise"):
                yield mutation(f"{step.name}.{outcome}", f"straight to {end}", of.put(target, end))


@made
def says_another_key(of: Document) -> Iterator[Mutation | None]:
    for step, text in prompts(of):
        if below(step.value, "choices") is not None:
            offered = {one.text for one in of.scalars_of(below(step.value, "choices"))}
            key = next(one for one in "987654321" if one not in offered)
            for found in _KEY.finditer(of.text, text.start, text.end):
                yield mutation(step.name, f"press {key} for {found[1]}", of.put_text(*found.span(1), key))


@made
def choice_not_said(of: Document) -> Iterator[Mutation | None]:
    for step, text in prompts(of):
        if below(step.value, "choices") is not None:
            for start, end in _sentences_with_a_key(of, text):
                said = " ".join(of.text[start:end].split())
                yield mutation(step.name, f"`{said}` is not said", of.put_text(start, end, ""))


def _sentences_with_a_key(of: Document, text: Scalar) -> Iterator[tuple[int, int]]:
    """Those that have others beside them."""
    first = of.text.index("\n", text.start) if text.block else text.start + 1
    for found in _SENTENCE.finditer(of.text, first, text.end):
        said = " ".join(found[0].split())
        if said != " ".join(text.text.split()):
            rest = of.text[found.end() : text.end]
            blanks = len(rest) - len(rest.lstrip()) if rest.strip() else 0
            yield found.start() + len(found[0]) - len(found[0].lstrip()), found.end() + blanks


@made
def one_digit_short(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask", "collect"):
        most = below(step.value, "digits", "max")
        if isinstance(most, Scalar) and most.text.isdigit() and int(most.text) > 1:
            yield mutation(step.name, f"{int(most.text) - 1} digits", of.put(most, str(int(most.text) - 1)))


@made
def pound_is_nothing(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask", "collect", "record"):
        given = below(step.value, "digits") if step.verb != "record" else step.value
        terminators = given.get("terminators") if isinstance(given, Mapping) else None
        if isinstance(terminators, Scalar) and terminators.text:
            yield mutation(step.name, "no terminators", of.put(terminators, '""'))


@made
def nobody_to_speak_to(of: Document) -> Iterator[Mutation | None]:
    offered = of.section("defaults", "choices")
    if offered.entries:
        yield mutation("defaults.choices", "gone", of.drop(of.section("defaults"), "choices"))
    for step in of.of_verb("ask"):
        choices = below(step.value, "choices")
        takes_all = isinstance(step.value, Mapping) and step.value.get("universal") is None
        if isinstance(choices, Mapping) and offered.entries and isinstance(step.value, Mapping) and takes_all:
            yield mutation(step.name, "universal: false", of.add(step.value, "universal: false"))
        for name in ("person", "agent", "desk", "operator") if isinstance(choices, Mapping) else ():
            assert isinstance(choices, Mapping)
            if choices.get(name) is not None and name not in FAILURES:
                ways = step.next if isinstance(step.next, Mapping) else None
                told = of.drop(ways, name) if ways is not None and ways.get(name) is not None else None
                edits = [of.drop(choices, name), *([told] if told is not None else [])]
                yield mutation(f"{step.name}.{name}", "not offered", *edits)
