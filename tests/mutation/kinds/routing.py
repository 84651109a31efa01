"""Where steps lead to."""

from collections.abc import Iterator
from itertools import pairwise

from engine.compile.located import Mapping, Scalar, Sequence
from tests.mutation.document import Document, below, text_of
from tests.mutation.mutant import Mutation, kind, mutation

_FAILURES = ("error", "rejected", "lost", "expression")


@kind(
    "One outcome is left out of a step's `next`, and `otherwise` takes it.",
    notices="an answer is treated like any other one",
)
def outcome_left_to_otherwise(of: Document) -> Iterator[Mutation | None]:
    for where, next_, name in _named(of):
        if name != "otherwise" and next_.get("otherwise") is not None:
            yield mutation(f"{where}.{name}", "left out", of.drop(next_, name))


@kind("One outcome is left out of a `next` without `otherwise`.", notices="the call cannot go on, or goes to a handler")
def outcome_forgotten(of: Document) -> Iterator[Mutation | None]:
    for where, next_, name in _named(of):
        if next_.get("otherwise") is None:
            yield mutation(f"{where}.{name}", "left out", of.drop(next_, name))


@kind("`otherwise` is left out.", notices="silence or a failure has nowhere to go")
def otherwise_dropped(of: Document) -> Iterator[Mutation | None]:
    for where, next_, name in _named(of):
        if name == "otherwise":
            yield mutation(where, "without otherwise", of.drop(next_, name))


@kind(
    "A target is another step, one further down in the file.",
    notices="something that does not belong there is said next",
)
def target_of_another(of: Document) -> Iterator[Mutation | None]:
    names = [step.name for step in of.steps]
    for where, target in of.every_target():
        if target.text in names and len(names) > 1:
            other = names[(names.index(target.text) + 1) % len(names)]
            yield mutation(where, f"goes to {other}, not {target.text}", of.put(target, other))


@kind("The step leads to itself.", notices="the same again and again, until a limit ends the call")
def target_is_itself(of: Document) -> Iterator[Mutation | None]:
    for step in of.steps:
        for outcome, target in of.targets(step):
            if outcome != "visits.next":
                yield mutation(
                    f"{step.name}.{outcome}", f"goes to itself, not {target.text}", of.put(target, step.name)
                )


@kind("Two outcomes' targets are exchanged.", notices="who wants the one thing gets the other")
def targets_swapped(of: Document) -> Iterator[Mutation | None]:
    for step in of.steps:
        for (a, one), (b, other) in pairwise(of.targets(step)):
            if one.text != other.text and "visits.next" not in (a, b):
                yield mutation(
                    f"{step.name}.{a}", f"exchanged with {b}", of.put(one, other.text), of.put(other, one.text)
                )


@kind("A target's name is misspelt.", notices="nothing: there is no such step")
def target_misspelt(of: Document) -> Iterator[Mutation | None]:
    for where, target in of.every_target():
        if len(target.text) > 3:
            yield mutation(where, f"{target.text} misspelt", of.put(target, target.text[:-2] + target.text[-1]))


@kind("`next` is left out.", notices="the call cannot go on")
def next_dropped(of: Document) -> Iterator[Mutation | None]:
    for step in of.steps:
        if step.next is not None:
            yield mutation(step.name, "without next", of.drop(step.node, "next"))


@kind("A step is taken out of the way and left in the file.", notices="something is not said, asked or done any more")
def step_left_over(of: Document) -> Iterator[Mutation | None]:
    for step in of.steps:
        after = of.plain_next(step)
        if after:
            yield mutation(step.name, f"left over; everybody goes on to {after}", *of.led_elsewhere(step.name, after))


@kind("A copy of a step is left in the file, and nobody goes there.", notices="nothing")
def copy_left_over(of: Document) -> Iterator[Mutation | None]:
    for step in of.steps:
        body = of.body(step)
        if body and step.next is not None:
            yield mutation(step.name, "a copy left over", of.add_step(f"{step.name}_old", body))


@kind("The conditions of a `branch` lead to each other's steps.", notices="those who should go one way go the other")
def branch_swapped(of: Document) -> Iterator[Mutation | None]:
    for step, items in _branches(of):
        for one, other in pairwise(items.items):
            a, b = below(one, "next"), below(other, "next") or below(other, "else")
            if (
                isinstance(a, Scalar)
                and isinstance(b, Scalar)
                and a.text != b.text
                and "open(" not in text_of(one, "if")
            ):
                yield mutation(f"{step}.{a.text}", f"exchanged with {b.text}", of.put(a, b.text), of.put(b, a.text))


@kind(
    "Open and closed are exchanged.", notices="callers in opening hours hear that it is closed, and at night it rings"
)
def hours_swapped(of: Document) -> Iterator[Mutation | None]:
    for step, items in _branches(of):
        last = below(items.items[-1], "else")
        for item in items.items:
            target, condition = below(item, "next"), text_of(item, "if")
            if isinstance(target, Scalar) and isinstance(last, Scalar) and condition.startswith("open("):
                yield mutation(step, "open and closed exchanged", of.put(target, last.text), of.put(last, target.text))


@kind("The opening hours are not asked for any more.", notices="at night it rings where nobody is")
def hours_not_asked(of: Document) -> Iterator[Mutation | None]:
    for step, items in _branches(of):
        for item in items.items:
            if text_of(item, "if").startswith("open("):
                yield mutation(step, "not asked", *of.led_elsewhere(step, text_of(item, "next")))


@kind("One condition of a `branch` is left out.", notices="a case is treated like the next one")
def condition_dropped(of: Document) -> Iterator[Mutation | None]:
    for step, items in _branches(of):
        for index, item in enumerate(items.items[:-1]):
            yield mutation(f"{step}.{text_of(item, 'next')}", "left out", of.drop_item(items, index))


@kind("The `else` of a `branch` is left out.", notices="nothing: the flow is refused")
def else_dropped(of: Document) -> Iterator[Mutation | None]:
    for step, items in _branches(of):
        yield mutation(step, "without else", of.drop_item(items, len(items.items) - 1))


@kind("`next: resume` in a step that no handler leads to.", notices="the call ends with an error")
def resume_without_interruption(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("play", "set", "record", "fetch"):
        if of.plain_next(step) and step.next is not None:
            yield mutation(step.name, "next: resume", of.put(step.next, "resume"))


def _named(of: Document) -> Iterator[tuple[str, Mapping, str]]:
    """Each ordinary outcome of a `next` that has more than one."""
    for step in of.steps:
        if isinstance(step.next, Mapping):
            for key, _ in step.next.entries:
                if key.text not in _FAILURES:
                    yield step.name, step.next, key.text


def _branches(of: Document) -> Iterator[tuple[str, Sequence]]:
    for step in of.of_verb("branch"):
        if isinstance(step.value, Sequence) and len(step.value.items) > 1:
            yield step.name, step.value
