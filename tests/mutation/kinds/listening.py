"""What plays, collects and detects in the background, and the handles of it."""

from collections.abc import Iterator

from engine.compile.located import Mapping, Scalar
from tests.mutation.document import Document, Step, below
from tests.mutation.mutant import Mutation, kind, mutation

_SILENCED = ("pause", "silence")


@kind(
    "The step that starts the timers of a collect is left out.",
    notices="the flow waits for ever for somebody who says nothing",
)
def timers_not_started(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("collect.start_input_timers"):
        yield _left_out(of, step)


@kind("`start_input_timers: true` is left out.", notices="the flow waits for ever for somebody who says nothing")
def timers_left_off(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("collect"):
        if isinstance(step.value, Mapping) and getattr(step.value.get("start_input_timers"), "value", False) is True:
            yield mutation(step.name, "without start_input_timers", of.drop(step.value, "start_input_timers"))


@kind("`until` is left out.", notices="keys do not stop the prompt")
def until_dropped(of: Document) -> Iterator[Mutation | None]:
    for step in of.steps:
        if step.node.get("until") is not None:
            edits = [of.drop(step.node, "until")]
            if isinstance(step.next, Mapping) and step.next.get("interrupted") is not None:
                edits.append(of.drop(step.next, "interrupted"))
            yield mutation(step.name, "without until", *edits)


@kind("`background` is left out.", notices="the flow stands still until it is over")
def background_dropped(of: Document) -> Iterator[Mutation | None]:
    for step in of.steps:
        if step.node.get("background") is not None:
            edits = [of.drop(step.node, "background")]
            if isinstance(step.next, Mapping) and (key := step.next.key("accepted")) is not None:
                edits.append(of.put(key, "otherwise"))
            yield mutation(step.name, "in the foreground", *edits)


@kind(
    "A prompt is played in the background, and the flow does not wait for it.",
    notices="the next thing is said into it, or it is cut off",
)
def play_in_background(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("play"):
        if step.node.get("background") is None and step.node.get("until") is None and of.plain_next(step):
            assert step.next is not None
            edits = [of.add(step.node, "background: true"), of.put(step.next, of.plain_next(step))]
            yield mutation(step.name, "in the background", *edits)


@kind("A handle is that of another step.", notices="something else is stopped or waited for than was meant")
def handle_of_another(of: Document) -> Iterator[Mutation | None]:
    started = [step.name for step in of.steps if _is_started(step)]
    for step in of.steps:
        for node in _handles(step):
            for other in [one for one in started if one not in (node.text, step.name)][:2]:
                yield mutation(step.name, f"handle {other}, not {node.text}", of.put(node, other))


@kind("A handle is a step that starts nothing.", notices="nothing is stopped or waited for")
def handle_of_nothing(of: Document) -> Iterator[Mutation | None]:
    idle = [step.name for step in of.of_verb("ask", "branch", "set", "fetch")]
    for step in of.steps:
        for node in _handles(step) if idle else ():
            yield mutation(step.name, f"handle {idle[0]}, not {node.text}", of.put(node, idle[0]))


@kind(
    "The step that stops something is left out.",
    notices="music goes on under the next prompt, a recording records all the rest",
)
def stop_dropped(of: Document) -> Iterator[Mutation | None]:
    for step in of.steps:
        if step.verb.endswith(".stop"):
            yield _left_out(of, step)


@kind("It is stopped before it is started.", notices="it goes on for the rest of the call")
def stop_before_start(of: Document) -> Iterator[Mutation | None]:
    for stop in of.steps:
        if not stop.verb.endswith(".stop"):
            continue
        for node in _handles(stop):
            start, after = of.step(node.text), of.plain_next(stop)
            if start is not None and after:
                early = of.add_step("early", f"{stop.verb}: {node.text}\nnext: {start.name}")
                yield mutation(stop.name, f"before {start.name}", early, *_around(of, start.name, stop.name, after))


def _around(of: Document, start: str, stop: str, after: str) -> list:
    """Who went to the start goes to `early`; who went to the stop, past it."""
    edits = []
    for _, target in of.every_target():
        if target.text == start:
            edits.append(of.put(target, "early"))
        elif target.text == stop:
            edits.append(of.put(target, after))
    return edits


@kind(
    "The step that waits for something is left out.",
    notices="what was entered is not looked at, or the flow goes on too early",
)
def wait_dropped(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("wait"):
        yield _left_out(of, step)


@kind("What can be started once is started twice.", notices="it is refused, and the call goes to a handler or ends")
def started_twice(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("denoise", "transcribe", "live_transcribe", "live_translate", "ai_sidecar", "tap", "stream"):
        body, after = of.body(step), of.plain_next(step)
        if body and after and step.next is not None:
            again = of.add_step("again", body)
            yield mutation(step.name, "a second time", again, of.put(step.next, "again"))


@kind(
    "The greeting is spoken before a machine's own is over.",
    notices="the mailbox has the end of the message, or nothing",
)
def machine_not_waited_for(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("detect"):
        if isinstance(step.value, Mapping) and step.value.get("detect_message_end") is None:
            yield mutation(step.name, "detect_message_end: false", of.add(step.value, "detect_message_end: false"))


@kind(
    "Nobody finds out whether a person has answered.",
    notices="a mailbox is talked to as a person, and hears half of it",
)
def detect_dropped(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("detect"):
        human = below(step.next, "human") if step.next is not None else None
        if isinstance(human, Scalar):
            yield mutation(step.name, "left out", *of.led_elsewhere(step.name, human.text))


def _left_out(of: Document, step: Step) -> Mutation | None:
    """The step is gone, and who went there goes on to what came after it."""
    after = of.plain_next(step) or _first_target(of, step)
    if not after or after == step.name:
        return None
    start = of.line_start(step.key.start)
    end = of.entry(of.section("steps"), step.name)[1]
    return mutation(step.name, "left out", of.put_text(start, end + 1, ""), *of.led_elsewhere(step.name, after))


def _first_target(of: Document, step: Step) -> str:
    return next((one.text for outcome, one in of.targets(step) if outcome not in ("error", "rejected", "lost")), "")


def _handles(step: Step) -> Iterator[Scalar]:
    """The scalars that name a step as a handle."""
    until = step.node.get("until")
    if isinstance(until, Scalar):
        yield until
    if "." in step.verb or step.verb == "wait":
        named = below(step.value, "handle") if isinstance(step.value, Mapping) else step.value
        if isinstance(named, Scalar) and named.text and not named.text[0].isdigit():
            yield named


def _is_started(step: Step) -> bool:
    return step.node.get("background") is not None or step.verb in ("tap", "stream", "transcribe")
