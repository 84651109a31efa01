"""A card number, a PIN or a password is entered while something takes it down.

## What it does
Reports an `ask` or a `play` with `until` whose prompt asks for a card number, PIN, security code, password or social security
number, and that is reached while a recording that is not paused, a `tap`, `stream`, `transcribe`, `live_transcribe`,
`live_translate` or `ai_sidecar` may be going on. So does a `collect` in the foreground, right before which a `play` asks for that,
and a `subflow` that asks for it.

## Why
What is entered is in the recording, as tones or as words, and whoever may listen to it has it. The rules of the card
industry forbid it.

## Bad
```yaml
tape:
  record: {direction: both, max_length: 600, initial_timeout: 60, end_silence_timeout: 60}
  background: true
  next: card
card:
  ask:
    prompt: "This call is recorded. Please enter your card number, then press pound."
    digits: {max: 19, terminators: "#"}
  next: bye
bye:
  end: hangup
```

## Good
```yaml
tape:
  record: {direction: both, max_length: 600, initial_timeout: 60, end_silence_timeout: 60}
  background: true
  next: off
off:
  record.pause: {handle: tape, behavior: silence}
  next: card
card:
  ask:
    prompt: "This call is recorded. Please enter your card number, then press pound."
    digits: {max: 19, terminators: "#"}
  next: on_again
on_again:
  record.resume: tape
  next: bye
bye:
  end: hangup
```

## Limits
Prompts are understood in English, Spanish, German and French; files and values are not. An `ask` with `choices` is no entry, a `collect`
of one key is none, and an `ask` with `secret: true` is the engine's and the compiler's to guard. In the SWML of an excursion `pay` is an entry, and so
are a `prompt` and an `ai` whose words, in English, ask for a secret. What a caller tells somebody else, in a `connect`, or
enters while SWML listens by itself beside the call, is not known; neither is what stands behind a URL, nor what is recorded
on another leg. [Ways that contradict themselves](../lint.md#ways) are left out.

## Source
PCI DSS, requirement 3 (no card verification codes after authorization); [record.pause](../language.md#recordpause).
"""

from collections.abc import Iterator

from engine.compile.located import Node
from engine.compile.paths import swml_methods
from engine.compile.scope import StepNode
from engine.lint.calls.speech import Said, literal, said, said_before
from engine.lint.calls.topics import SECRETS, asks_for
from engine.lint.rule import Found, Rule
from engine.lint.subject import Subject, node_at
from engine.model.graph import AskValue, ExcursionValue, FlowGraph, Step, SubflowValue, Tree
from engine.model.ids import StepName

RULE = Rule(code="SEC002", name="overheard-entry", severity="error", needs="ways")

_PAUSE = "record.pause: {{handle: {0}, behavior: silence}}"
_STOP = {
    "record": _PAUSE,
    "tap": "tap.stop: {0}",
    "stream": "stream.stop: {0}",
    "transcribe": "transcribe.stop: {0}",
    "ai_sidecar": "ai_sidecar.stop: {{}}",
    "live_transcribe": "live_transcribe: {{action: stop}}",
    "live_translate": "live_translate: {{action: stop}}",
}


def check(subject: Subject) -> Iterator[Found]:
    graph = subject.graph
    assert graph is not None
    entries = set(_entries(graph))
    for step in subject.steps("ask", "play", "collect", "subflow", "excursion"):
        if step.name not in entries:
            continue
        for name in subject.calls.names("heard"):
            way = subject.calls.way("heard", name, step.name) if _hears(subject, name, step) else ()
            if way:
                verb = graph.steps[name].verb
                stop = f"with `{_STOP[verb].format(name)}`" if verb in _STOP else "in the flow that it calls"
                yield subject.found(
                    _place(step),
                    f"`{name}` may take down what is entered here.",
                    help=f"Stop that before, {stop}, and go on with it afterwards.",
                    path=step.path,
                    witness=way,
                )
                break


_PLACES = ("prompt", "flow", "swml")


def _place(step: StepNode) -> Node:
    if step.verb.name == "collect":
        return step.node.key("collect") or step.key
    return next((node for key in _PLACES if (node := node_at(step.value, key)) is not None), step.value)


def _hears(subject: Subject, name: str, step: StepNode) -> bool:
    return name != step.name and subject.calls.may("heard", name, step.name)


def _entries(graph: FlowGraph) -> Iterator[StepName]:
    """Where a secret is entered that nobody guards."""
    for name, before in said_before(graph).items():
        if any(asks_for(one, SECRETS) for one in before):
            yield name
    yield from (step.name for step in graph.steps.values() if _is_entry(graph, step))


def _is_entry(graph: FlowGraph, step: Step) -> bool:
    value = step.value
    if isinstance(value, SubflowValue):
        return any(_entries(graph.subflows[value.flow]))
    if isinstance(value, ExcursionValue):
        return any(_enters(name, params) for name, params in swml_methods(step))
    if isinstance(value, AskValue):
        enters = not value.choices and value.secrecy != "secret"
    else:
        enters = step.verb == "play" and step.until is not None
    return enters and any(asks_for(one, SECRETS) for one in said(step))


def _enters(method: str, params: Tree) -> bool:
    """A method of SWML in which a caller enters a card, or what its words ask for."""
    if method == "pay":
        return True
    return method in ("prompt", "ai") and any(
        asks_for(Said(text, "en", open=False), SECRETS) for text in _texts(params)
    )


def _texts(tree: Tree) -> Iterator[str]:
    if isinstance(tree, dict | list):
        for one in tree.values() if isinstance(tree, dict) else tree:
            yield from _texts(one)
    else:
        yield literal(tree).removeprefix("say:")
