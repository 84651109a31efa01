"""What nobody else should hear, see or do twice."""

import re
from collections.abc import Iterator

from engine.compile.located import Mapping, Scalar
from tests.mutation.document import Document, below, text_of
from tests.mutation.independent.making import made
from tests.mutation.independent.places import inserted, way
from tests.mutation.mutant import Mutation, mutation


@made
def mark_removed(of: Document) -> Iterator[Mutation | None]:
    marked = [(step.name, step.value) for step in of.of_verb("ask")]
    marked += [(key.text, value) for key, value in of.section("inputs").entries]
    for name, value in marked:
        for word in ("secret", "private"):
            if isinstance(value, Mapping) and value.get(word) is not None:
                yield mutation(name, f"not {word}", of.drop(value, word))


@made
def secret_read_back(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask"):
        target = way(of, step, "digits", "speech")
        if text_of(step.value, "secret") == "true" and target is not None:
            body = f'play: "You entered ${{{{ spell(steps.{step.name}.value) }}}}."'
            yield mutation(step.name, "read back", *inserted(of, target, "say_it_back", body))


@made
def recorded_before_told(of: Document) -> Iterator[Mutation | None]:
    start = of.at("start")
    for step in of.of_verb("record", "transcribe", "tap", "stream"):
        target = way(of, step, "accepted")
        in_front = step.verb == "record" and step.node.get("background") is None
        if isinstance(start, Scalar) and target is not None and start.text != step.name and not in_front:
            past = of.led_elsewhere(step.name, target.text)
            edits = [*past, of.put(start, step.name), of.put(target, start.text)]
            yield mutation(step.name, "comes first", *edits)


@made
def plain_http(of: Document) -> Iterator[Mutation | None]:
    for scalar in of.scalars():
        found = re.match(r"[\"']?(https|wss)://", of.source(scalar))
        if found is not None:
            at = scalar.start + found.end(1) - 1
            yield mutation(scalar.text[:40], f"{found[1][:-1]}://", of.put_text(at, at + 1, ""))


@made
def machine_hears_it(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("detect", "wait"):
        ways = dict(of.targets(step))
        for outcome in ("machine", "machine_ready"):
            if "human" in ways and outcome in ways:
                edit = of.put(ways[outcome], ways["human"].text)
                yield mutation(f"{step.name}.{outcome}", f"to {ways['human'].text}", edit)


@made
def same_key_for_all(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("fetch"):
        key = below(step.value, "headers", "Idempotency-Key")
        if isinstance(key, Scalar):
            yield mutation(step.name, f"{step.name} for {key.text}", of.put(key, step.name))
        elif text_of(step.value, "method") == "POST" and isinstance(step.value, Mapping):
            headers, entry = step.value.get("headers"), f"Idempotency-Key: {step.name}"
            into, added = (headers, entry) if isinstance(headers, Mapping) else (step.value, f"headers: {{{entry}}}")
            yield mutation(step.name, f"the key {step.name}", of.add(into, added))


@made
def told_to_all_listeners(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask"):
        target = way(of, step, "digits", "speech") if below(step.value, "choices") is None else None
        if target is not None:
            body = f'user_event:\n  event: {{{step.name}: "${{{{ steps.{step.name}.value }}}}"}}'
            yield mutation(step.name, "told to all", *inserted(of, target, "tell_all", body))
