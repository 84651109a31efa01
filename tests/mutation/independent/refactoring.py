"""Taken out, turned off or merged when the flow was rewritten."""

from collections.abc import Iterator
from itertools import pairwise

from engine.compile.located import Mapping, Scalar, Sequence
from tests.mutation.document import Document, Step, below, text_of
from tests.mutation.independent.making import made
from tests.mutation.independent.places import conditions, left_out, quoted, way
from tests.mutation.mutant import Mutation, mutation


@made
def set_left_out(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("set"):
        yield left_out(of, step, of.plain_next(step))


@made
def notice_left_out(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("play"):
        if step.node.get("background") is None:
            yield left_out(of, step, of.plain_next(step))


@made
def request_left_out(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("fetch"):
        target = way(of, step, "ok")
        yield left_out(of, step, target.text if target is not None else "")


@made
def order_left_out(of: Document) -> Iterator[Mutation | None]:
    for step in of.steps:
        if "." in step.verb:
            yield left_out(of, step, of.plain_next(step))


@made
def waiting_left_out(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("wait"):
        if not (isinstance(step.value, Scalar) and step.value.text[:1].isdigit()):
            ways = [target for outcome, target in of.targets(step) if outcome != "visits.next"]
            yield left_out(of, step, ways[0].text if ways else "")


@made
def condition_left_true(of: Document) -> Iterator[Mutation | None]:
    return _conditions_are(of, "true")


@made
def condition_left_false(of: Document) -> Iterator[Mutation | None]:
    return _conditions_are(of, "false")


def _conditions_are(of: Document, word: str) -> Iterator[Mutation | None]:
    for step, index, condition in conditions(of):
        yield mutation(f"{step.name}.{index}", f"{word} in place of {condition.text}", of.put(condition, quoted(word)))


@made
def branch_decides_nothing(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("branch"):
        ways = [target for outcome, target in of.targets(step) if outcome in ("next", "else")]
        if len(ways) > 1:
            yield mutation(step.name, f"else: {ways[0].text}", of.put(ways[-1], ways[0].text))


@made
def conditions_in_other_order(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("branch"):
        items = [item for item in step.value.items if below(item, "if")] if isinstance(step.value, Sequence) else []
        for one, other in pairwise(items):
            pairs = [(below(one, word), below(other, word)) for word in ("if", "next")]
            edits = [of.put(a, quoted(b.text)) for a, b in pairs if isinstance(a, Scalar) and isinstance(b, Scalar)]
            edits += [of.put(b, quoted(a.text)) for a, b in pairs if isinstance(a, Scalar) and isinstance(b, Scalar)]
            yield mutation(step.name, f"{text_of(other, 'next')} before {text_of(one, 'next')}", *edits)


@made
def interrupted_call_begins_anew(of: Document) -> Iterator[Mutation | None]:
    for where, target in of.every_target():
        if target.text == "resume":
            yield mutation(where, "begins anew", of.put(target, text_of(of.root, "start")))


@made
def two_choices_one_way(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask"):
        ways = [(outcome, target) for outcome, target in of.targets(step) if outcome in _choices(step)]
        for (_, target), (outcome, other) in pairwise(ways):
            yield mutation(f"{step.name}.{outcome}", f"to {target.text} too", of.put(other, target.text))


def _choices(step: Step) -> set[str]:
    choices = below(step.value, "choices")
    return {key.text for key, _ in choices.entries} if isinstance(choices, Mapping) else set()
