"""Ways that nobody tried out: what comes after failures, limits and a hang-up."""

from collections.abc import Iterator

from engine.compile.located import Scalar
from tests.mutation.document import Document, Step, text_of
from tests.mutation.independent.making import made
from tests.mutation.independent.places import way
from tests.mutation.mutant import Mutation, mutation

_FAILED = ("error", "rejected", "lost")


@made
def failure_as_success(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("fetch"):
        good = way(of, step, "ok")
        for outcome, target in _bad_ways(of, step):
            if good is not None:
                yield mutation(f"{step.name}.{outcome}", f"to {good.text}", of.put(target, good.text))


@made
def failure_tries_for_ever(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("fetch"):
        for outcome, target in _bad_ways(of, step):
            yield mutation(f"{step.name}.{outcome}", "again", of.put(target, step.name))


def _bad_ways(of: Document, step: Step) -> Iterator[tuple[str, Scalar]]:
    return ((outcome, target) for outcome, target in of.targets(step) if outcome not in ("ok", "next", "visits.next"))


@made
def limit_begins_anew(of: Document) -> Iterator[Mutation | None]:
    landing = of.at("limits", "next")
    if isinstance(landing, Scalar):
        yield mutation("limits.next", "begins anew", of.put(landing, text_of(of.root, "start")))


@made
def trouble_begins_anew(of: Document) -> Iterator[Mutation | None]:
    for key, target in of.section("handlers").entries:
        if key.text in _FAILED:
            yield mutation(f"handlers.{key.text}", "begins anew", of.put(target, text_of(of.root, "start")))


@made
def speaks_to_nobody(of: Document) -> Iterator[Mutation | None]:
    ends, gone = {step.name for step in of.of_verb("end")}, of.at("handlers", "hangup")
    farewells = [step.name for step in of.of_verb("play") if of.plain_next(step) in ends]
    if isinstance(gone, Scalar) and farewells:
        yield mutation("handlers.hangup", f"to {farewells[0]}", of.put(gone, farewells[0]))


@made
def trouble_has_no_way(of: Document) -> Iterator[Mutation | None]:
    handlers = of.section("handlers")
    for key, _ in handlers.entries:
        if key.text in _FAILED:
            yield mutation(f"handlers.{key.text}", "gone", of.drop(handlers, key.text))


@made
def subflow_failed_is_fine(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("subflow"):
        ways = [target for outcome, target in of.targets(step) if outcome not in (*_FAILED, "failures", "visits.next")]
        edits = [of.put(one, ways[0].text) for one in ways[1:] if one.text != ways[0].text]
        if edits:
            yield mutation(step.name, f"always {ways[0].text}", *edits)


@made
def invited_for_ever(of: Document) -> Iterator[Mutation | None]:
    for step in of.steps:
        if step.node.get("visits") is not None:
            yield mutation(step.name, "no visits", of.drop(step.node, "visits"))
