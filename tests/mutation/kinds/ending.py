"""How a call ends, what bounds it, and what is done when it goes wrong."""

from collections.abc import Iterator

from engine.compile.located import Mapping, Scalar
from tests.mutation.document import Document
from tests.mutation.mutant import Mutation, kind, mutation


@kind("The end of the call is a way back to its start.", notices="the call never ends by itself")
def end_is_a_loop(of: Document) -> Iterator[Mutation | None]:
    start = of.at("start")
    for step in of.of_verb("end"):
        if isinstance(start, Scalar) and isinstance(step.value, Scalar) and step.value.text == "hangup":
            first, last = of.entry(step.node, "end")
            body = f"wait: 1s\n    next: {start.text}"
            if of.text[first - 1] != "{":
                yield mutation(step.name, f"goes on at {start.text}", of.put_text(first, last, body))


@kind("A handler is left out.", notices="after a failure the call is cut off without a word")
def handler_dropped(of: Document) -> Iterator[Mutation | None]:
    handlers = of.section("handlers")
    for key, _ in handlers.entries:
        if not key.text.startswith("signal."):
            yield mutation(f"handlers.{key.text}", "left out", of.drop(handlers, key.text))


@kind("All handlers are left out.", notices="after a failure the call is cut off without a word")
def handlers_dropped(of: Document) -> Iterator[Mutation | None]:
    handlers = of.section("handlers")
    if handlers.entries and not any(key.text.startswith("signal.") for key, _ in handlers.entries):
        yield mutation("handlers", "left out", of.drop(of.root, "handlers"))


@kind("The handler of a hang-up says good-bye.", notices="nothing: nobody is there any more")
def spoken_after_hangup(of: Document) -> Iterator[Mutation | None]:
    target = of.section("handlers").get("hangup")
    if isinstance(target, Scalar):
        step = of.add_step("farewell", f'play: "Goodbye, and thank you."\nnext: {target.text}')
        yield mutation("handlers.hangup", "says something", step, of.put(target, "farewell"))


@kind("After a hang-up the flow hangs up, in place of `end: done`.", notices="nothing")
def hung_up_after_hangup(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("end"):
        if isinstance(step.value, Scalar) and step.value.text == "done":
            yield mutation(step.name, "end: hangup", of.put(step.value, "hangup"))


@kind("The flow ends with `done` while the caller is still there.", notices="silence; the line stays open")
def done_on_a_live_call(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("end"):
        if isinstance(step.value, Scalar) and step.value.text == "hangup":
            yield mutation(step.name, "end: done", of.put(step.value, "done"))


@kind("A step's own limit of visits is left out.", notices="a loop that was bounded goes on for much longer")
def visits_dropped(of: Document) -> Iterator[Mutation | None]:
    for step in of.steps:
        if step.node.get("visits") is not None:
            yield mutation(step.name, "without visits", of.drop(step.node, "visits"))


@kind("All limits are left out.", notices="loops go on for longer, and nothing is said at their end")
def limits_dropped(of: Document) -> Iterator[Mutation | None]:
    yield mutation("limits", "left out", of.drop(of.root, "limits"))


@kind("The limits have nowhere to land.", notices="at a limit the call is cut off without a word")
def landing_dropped(of: Document) -> Iterator[Mutation | None]:
    yield mutation("limits.next", "left out", of.drop(of.section("limits"), "next"))


@kind("A limit is so high that it bounds nothing.", notices="a call that has gone wrong goes on for hours")
def limits_of_no_use(of: Document) -> Iterator[Mutation | None]:
    for name, value in (("visits", "1000"), ("steps", "100000"), ("call", "24h")):
        node = of.section("limits").get(name)
        yield mutation(f"limits.{name}", value, of.put(node, value)) if node is not None else None


@kind("`finally` is left out.", notices="nothing; nobody is told how the call ended")
def finally_dropped(of: Document) -> Iterator[Mutation | None]:
    yield mutation("finally", "left out", of.drop(of.root, "finally"))


@kind("The calling hours of an outbound flow are left out.", notices="it calls at night")
def calling_hours_dropped(of: Document) -> Iterator[Mutation | None]:
    outbound = of.at("outbound")
    if isinstance(outbound, Mapping):
        yield mutation("outbound.hours", "left out", of.drop(outbound, "hours"))


@kind("The flow's `wait` for a signal has no `timeout`.", notices="silence, for as long as the caller can bear it")
def wait_without_timeout(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("wait"):
        if isinstance(step.value, Mapping) and isinstance(step.next, Mapping):
            edits = [of.drop(step.value, "timeout")]
            if step.next.get("timeout") is not None:
                edits.append(of.drop(step.next, "timeout"))
            yield mutation(step.name, "without timeout", *edits)


@kind("A `deadline` is left out.", notices="when a report is lost, silence for long")
def deadline_dropped(of: Document) -> Iterator[Mutation | None]:
    for step in of.steps:
        for holder in (step.node, step.value):
            if isinstance(holder, Mapping) and holder.get("deadline") is not None:
                yield mutation(step.name, "without deadline", of.drop(holder, "deadline"))
