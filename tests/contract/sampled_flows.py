"""Flows that send every sample of every command, one after the other, and then hang up."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from engine.compile import compile_bundle
from engine.model.bundle import Bundle
from engine.model.verbs import VERBS, Verb
from tests.contract.samples import samples

Steps = dict[str, Any]
SWML = b'{"version": "1.0.0", "sections": {"main": [{"answer": {}}, {"play": {"url": "say:Hello"}}]}}'
FILES = {"swml/queue.json": SWML, "swml/support/queue.yaml": SWML}
"""What the examples of `redirect` name."""
PER_FLOW = 60
STARTERS: dict[str, Any] = {
    "play": {"play": [{"ringtone": "us"}], "loop": 0},
    "record": {},
    "collect": {"digits": {"max": 1}, "continuous": True},
    "detect": {"type": "digit"},
    "tap": {
        "tap": {"type": "audio", "params": {"direction": "both"}},
        "device": {"type": "ws", "params": {"uri": "wss://media.example.com/tap"}},
    },
    "stream": {"url": "wss://media.example.com/audio"},
    "transcribe": {},
}
"""What an order is about: it goes on until it is stopped."""
ASKED: Steps = {
    "prompt": ["One or two?", {"silence": 0.5}, {"ringtone": "us", "duration": 1}],
    "digits": {"max": 2, "terminators": "#", "digit_timeout": 0.5},
    "speech": {"language": "en-US", "hints": ["one"], "engine": "Google.V2"},
    "initial_timeout": 2.5,
    "attempts": 3,
    "reprompt": {"no_input": ["Hello?"], "no_match": [{"audio": "https://cdn.example.com/no.mp3"}]},
    "language": "en-GB",
    "gender": "male",
    "volume": -3.5,
}
OWN: Steps = {
    "silent": {"ask": ASKED, "next": "silent_now"},
    "silent_now": {"ask": {**ASKED, "timers": "now", "replay": False}, "next": "barge"},
    "barge": {"ask": {"prompt": "One?", "digits": {"max": 1}}, "next": "choice"},
    "choice": {"ask": {**ASKED, "barge_in": False, "choices": {"two": {"keys": ["2"]}}}, "next": "held_keys"},
    "held_keys": {"collect": {"digits": {"max": 1}}, "background": True, "next": "timers"},
    "timers": {"collect.start_input_timers": "held_keys", "next": "held_play"},
    "held_play": {"play": "A word.", "deadline": "100ms", "next": "bye", "visits": {"max": 2, "next": "bye"}},
    "held_tape": {"record": {}, "background": True, "next": "held_look"},
    "held_look": {"detect": {"type": "machine"}, "background": True, "next": "again"},
    "again": {"branch": [{"if": "vars.again", "next": "done"}, {"else": "once_more"}]},
    "once_more": {"set": {"again": "true"}, "next": "held_tape"},
    "done": {"play": "${{ 'said' }} ${{ call.from }}", "next": "bye"},
    "bye": {"end": "hangup"},
}
"""What the engine sends by itself: prompts and their collects, timers, stops at a key, at a deadline and
where a background step is entered again."""


AWAY: Steps = {
    "away": {"excursion": {"swml": "queue.json", "deadline": "10m"}, "next": "url"},
    "url": {
        "excursion": {"url": "https://swml.example.com/pay", "with": {"cents": 1200}, "deadline": "10m"},
        "next": "bye",
    },
    "bye": {"end": "hangup"},
}
"""SWML that the call comes back from."""


def flows() -> Iterator[Bundle]:
    """Every sample of every command, and what the engine makes of its own accord."""
    for verb in VERBS:
        if verb.command and verb.name != "excursion":
            values = samples(f"verbs/{verb.name}")
            yield from _flows_of(verb, values)
            yield from _templated(verb, values)
    yield _bundle("engine_made", OWN, start="silent", vars={"again": False}, handlers={"lost": "held_tape"})
    yield _bundle("excursion", AWAY, start="away")
    yield _bundle("outbound", {"hello": {"play": "Hello.", "next": "bye"}}, outbound={"from": "+15550100"})
    yield _bundle(
        "outbound_priced",
        {"hello": {"play": "Hello.", "next": "bye"}},
        outbound={"timeout": 600, "max_price_per_minute": 0.05},
    )


def _flows_of(verb: Verb, values: list[Any]) -> Iterator[Bundle]:
    name = verb.name.replace(".", "_")
    alone = [value for value in values if verb.shape == "leave" or _about_own_call(verb, value)]
    others = [value for value in values if value not in alone]
    for number, value in enumerate(alone):
        yield _bundle(f"{name}_alone_{number}", {name: _step(verb, value, "bye")})
    for number in range(0, len(others), PER_FLOW):
        yield _bundle(f"{name}_{number}", dict(_chain(verb, others[number : number + PER_FLOW])))


def _about_own_call(verb: Verb, value: Any) -> bool:
    """The run is over after it, or refuses it, because its own call is answered."""
    return verb.name == "update" and "status" in value and "id" not in value


def _chain(verb: Verb, values: Iterable[Any]) -> Iterator[tuple[str, Steps]]:
    """A step for each value, which leads to the next one."""
    several = list(values)
    prefix = verb.name.replace(".", "_")
    names = [f"{prefix}_{number}" for number in range(len(several))]
    first = [f"held_{name}" if verb.of else name for name in names]
    for name, handle, following, value in zip(names, first, [*first[1:], "bye"], several, strict=True):
        if not verb.of:
            yield name, _step(verb, value, following)
            continue
        started = {verb.of: STARTERS[verb.of], "next": name}
        background = {} if verb.of in ("tap", "stream", "transcribe") else {"background": True}
        yield handle, {**started, **background}
        about = {**value, "handle": handle} if isinstance(value, dict) else handle
        yield name, _step(verb, about, following)


def _step(verb: Verb, value: Any, following: str) -> Steps:
    step: Steps = {verb.name: value}
    if verb.outcomes:
        step["next"] = following
    if verb.name == "collect" and value.get("continuous"):
        step["background"] = True
    return step


def _templated(verb: Verb, values: list[Any]) -> Iterator[Bundle]:
    """Once for each place of the verb's values: there a template, where the compiler takes one, and the rest as it was."""
    found: list[tuple[Any, Any]] = []
    seen: set[str] = set()
    for value in values:
        for path, leaf in _leaves(value, ()):
            place = "/".join("*" if isinstance(part, int) else part for part in path)
            kind = f"{place} {type(leaf).__name__}"
            if kind in seen or place == "handle" or leaf is None:
                continue
            one = _with(value, path, f"${{{{ vars.v{len(found)} }}}}")
            flow = _bundle("one", dict(_chain(verb, [one])), vars={f"v{len(found)}": leaf})
            if compile_bundle(flow).graph is not None:
                seen.add(kind)
                found.append((one, leaf))
    variables = {f"v{number}": leaf for number, (_, leaf) in enumerate(found)}
    for bundle in _flows_of(verb, [value for value, _ in found]):
        steps = json.loads(bundle.files[f"{bundle.flow}.flow.yaml"])["steps"]
        yield _bundle(f"{bundle.flow}_templated", steps, vars=variables)


def _leaves(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if inner is None:
        yield path, value
    for key, below in inner or ():
        yield from _leaves(below, (*path, key))


def _with(value: Any, path: tuple[Any, ...], leaf: Any) -> Any:
    if not path:
        return leaf
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _with(value[path[0]], path[1:], leaf)
    return copy


def _bundle(name: str, steps: Steps, **more: Any) -> Bundle:
    document = {
        "flow": name,
        "language": 1,
        "limits": {"steps": 1000},
        "start": next(iter(steps)),
        "steps": {**steps, "bye": {"end": "hangup"}},
        **more,
    }
    return Bundle(name, {f"{name}.flow.yaml": json.dumps(document, ensure_ascii=False).encode(), **FILES})
