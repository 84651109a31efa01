"""Connecting with somebody, and what goes to addresses elsewhere."""

from collections.abc import Iterator

from engine.compile.located import Mapping, Scalar
from tests.mutation.document import Document, below, text_of
from tests.mutation.mutant import Mutation, kind, mutation

_TAP = "tap:\n  tap: {type: audio, params: {direction: both}}\n  device: {type: rtp, params: {addr: 192.168.1.20, port: 40000}}"


@kind(
    "Whatever comes of a `connect`, the flow goes on as after a talk.",
    notices="nobody answers, and the caller is thanked",
)
def connect_without_fallback(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("connect"):
        talked = text_of(step.next, "bridge_ended")
        if talked and step.next is not None:
            yield mutation(step.name, f"always goes to {talked}", of.put(step.next, talked))


@kind("Somebody is rung for ten minutes.", notices="ringing without end")
def rung_too_long(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("connect"):
        for node in _within(of, step.value, "timeout"):
            yield mutation(step.name, "timeout: 600", of.put(node, "600"))


@kind("Somebody is rung for three seconds.", notices="nobody ever answers")
def rung_too_short(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("connect"):
        for node in _within(of, step.value, "timeout"):
            yield mutation(step.name, "timeout: 3", of.put(node, "3"))


@kind("A number has lost its plus.", notices="nobody is called")
def number_without_plus(of: Document) -> Iterator[Mutation | None]:
    for node in of.scalars():
        if node.text.startswith("+") and node.text[1:].isdigit():
            yield mutation(node.text, "without plus", of.put(node, f'"{node.text[1:]}"'))


@kind("A number is that of a place in the flow, not of an environment.", notices="in tests real people are called")
def number_in_the_flow(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("connect"):
        for node in _within(of, step.value, "to"):
            if "${{" in node.text:
                yield mutation(step.name, "a number in the flow", of.put(node, '"+15550123"'))


@kind("http for https.", notices="nothing; who listens on the way hears it")
def http_for_https(of: Document) -> Iterator[Mutation | None]:
    for node in of.scalars():
        if node.text.startswith("https://"):
            yield mutation(node.text[:40], "http", of.put(node, of.source(node).replace("https://", "http://", 1)))


@kind("ws for wss.", notices="nothing; who listens on the way hears it")
def ws_for_wss(of: Document) -> Iterator[Mutation | None]:
    for node in of.scalars():
        if node.text.startswith("wss://"):
            yield mutation(node.text[:40], "ws", of.put(node, of.source(node).replace("wss://", "ws://", 1)))


@kind("A copy of the call goes to a private address.", notices="it is refused, and the call goes to a handler or ends")
def tap_to_private_address(of: Document) -> Iterator[Mutation | None]:
    start = of.at("start")
    if isinstance(start, Scalar):
        step = of.add_step("copy", f"{_TAP}\nnext: {start.text}")
        yield mutation("start", "taps to 192.168.1.20", step, of.put(start, "copy"))


@kind(
    "The way back from SWML cannot be named: an outcome is misspelt.",
    notices="the call does not come back, or comes back as something else",
)
def excursion_outcome_misspelt(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("excursion"):
        found = below(step.value, "outcomes")
        for node in of.scalars(found) if found is not None else ():
            yield mutation(step.name, f"{node.text} misspelt", of.put(node, node.text + "s"))


@kind("A document of SWML is another one, or is not there.", notices="the call does not leave")
def swml_of_nothing(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("excursion", "redirect"):
        node = below(step.value, "swml")
        if isinstance(node, Scalar):
            wrong = node.text.replace(".yaml", "_new.yaml")
            yield mutation(step.name, wrong, of.put(node, wrong))


@kind("What SWML is given is left out.", notices="a payment of nothing, or a queue without a name")
def swml_not_given(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("excursion"):
        found = below(step.value, "with")
        for name, _ in found.entries if isinstance(found, Mapping) else ():
            assert isinstance(found, Mapping)
            one = of.drop(found, name.text) if len(found.entries) > 1 else None
            whole = of.drop(step.value, "with") if isinstance(step.value, Mapping) else None
            yield mutation(f"{step.name}.{name.text}", "not given", one or whole)


def _within(of: Document, node: object, key: str) -> Iterator[Scalar]:
    """The values of a key, in the mapping and all that is in it."""
    if isinstance(node, Mapping):
        for name, value in node.entries:
            if name.text == key and isinstance(value, Scalar):
                yield value
            yield from _within(of, value, key)
    elif hasattr(node, "items"):
        for item in node.items:
            yield from _within(of, item, key)
