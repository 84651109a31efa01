"""What the platform was thought to do."""

from collections.abc import Iterator

from engine.compile.located import Mapping, Scalar
from tests.mutation.document import Document, Step, below, text_of
from tests.mutation.independent.making import made
from tests.mutation.independent.places import entries, prompts, quoted, way
from tests.mutation.mutant import Mutation, mutation


@made
def transfer_for_connect(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("connect"):
        for to in _numbers(step):
            verb = of.put_entry(step.node, "connect", f"transfer: {{dest: {quoted(to)}}}")
            yield mutation(step.name, f"transfer to {to}", verb, of.drop(step.node, "next"))


@made
def dial_for_connect(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("connect"):
        on = way(of, step, "bridge_ended", "otherwise")
        for to in _numbers(step):
            dial = f'dial: {{from: "${{{{ call.to }}}}", to: {quoted(to)}, url: "https://ivr.example.com/talk"}}'
            on_there = of.put_entry(step.node, "next", f"next: {on.text}") if on is not None else None
            yield mutation(step.name, f"dial {to}", of.put_entry(step.node, "connect", dial), on_there)


def _numbers(step: Step) -> Iterator[str]:
    """Whom it connects with: the first of them."""
    found = [value.text for _, key, value in entries(step.value) if key.text == "to" and isinstance(value, Scalar)]
    yield from found[:1]


@made
def collect_for_ask(of: Document) -> Iterator[Mutation | None]:
    for step, text in prompts(of):
        if below(step.value, "choices") is None:
            most = text_of(step.value, "digits", "max")
            taken = f"digits: {{max: {most}}}" if most else "speech: {}"
            name = f"{step.name}_text"
            edits = [
                *of.led_elsewhere(step.name, name),
                of.add_step(name, f"play: {quoted(text.text)}\nnext: {step.name}"),
                of.put_entry(step.node, "ask", f"collect: {{{taken}}}"),
            ]
            yield mutation(step.name, "a prompt and a collect", *edits)


@made
def speech_off(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask"):
        if isinstance(step.value, Mapping) and step.value.get("digits") is not None:
            yield mutation(step.name, "no speech", of.drop(step.value, "speech"))


@made
def no_tone(of: Document) -> Iterator[Mutation | None]:
    return _recorded_without(of, "beep")


@made
def first_breath_ends_it(of: Document) -> Iterator[Mutation | None]:
    return _recorded_without(of, "end_silence_timeout")


@made
def one_side_only(of: Document) -> Iterator[Mutation | None]:
    return _recorded_without(of, "direction")


@made
def recorded_without_end(of: Document) -> Iterator[Mutation | None]:
    return _recorded_without(of, "max_length")


def _recorded_without(of: Document, param: str) -> Iterator[Mutation | None]:
    for step in of.of_verb("record"):
        if isinstance(step.value, Mapping):
            yield mutation(step.name, f"no {param}", of.drop(step.value, param))


@made
def waited_for_in_front(of: Document) -> Iterator[Mutation | None]:
    for step in of.steps:
        if text_of(step.node, "background") == "true":
            yield mutation(step.name, "in the foreground", of.drop(step.node, "background"))


@made
def said_in_the_background(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("play"):
        if step.node.get("background") is None and step.node.get("until") is None and isinstance(step.next, Scalar):
            yield mutation(step.name, "in the background", of.add(step.node, "background: true"))


@made
def clock_starts_too_early(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("collect"):
        if isinstance(step.value, Mapping):
            given = step.value.get("start_input_timers")
            if text_of(step.value, "start_input_timers") != "true":
                timers = "start_input_timers: true"
                edit = of.put(given, "true") if given is not None else of.add(step.value, timers)
                yield mutation(step.name, timers, edit)


@made
def rings_for_ever(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("connect", "dial"):
        for _, key, value in entries(step.value):
            if key.text == "timeout":
                yield mutation(step.name, "rings 600 s", of.put(value, "600"))
