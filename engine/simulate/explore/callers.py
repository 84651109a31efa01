"""What a person on the line, or whoever decides, may do at a moment: one of each kind that the flow tells apart.

Only what something listens to counts: keys that nothing collects change nothing. Of all wrong keys there is one, since the
flow cannot tell them apart. Who is asked to say something says it to that, and a recording that goes on beside it hears it.
"""

import itertools
import re
from collections.abc import Iterator

from engine.exchange.caller import Act, Decides, HangsUp, Presses, Says
from engine.exchange.decisions import WORDS, About, Verdict
from engine.exchange.live import Collect, Detection, Recording
from engine.exchange.live_swml import Prompt
from engine.model.graph import AskValue, FlowGraph
from engine.model.ids import ControlId, op_of
from engine.simulate.explore import literals
from engine.simulate.explore.classes import Classes
from engine.simulate.explore.situation import Situation

_KEYS = "0123456789*#"
_WRONG_WORDS = "something else"
_LONGEST = 24
_USUAL, _SURE = 90.0, 100.0
"""How sure the platform is of what it has heard: as a rule, and at most."""


class Callers:
    """The choices in one flow. `secret` is entered where something secret is asked for."""

    def __init__(self, graph: FlowGraph) -> None:
        self._graph = graph
        self._known: dict[str, tuple[Act, ...]] = {}
        self._literals = literals.texts(graph)
        sure = (one for one in literals.numbers(graph) if 0 <= one <= _SURE)
        self._confidences = (_USUAL, *sure)
        self._classes = Classes(graph)

    def acts(self, at: Situation) -> Iterator[Act]:
        call = at.call
        if call is None or call.is_over or call.state != "answered":
            return
        answers = any(isinstance(one, Collect) and one.speech for one in call.operations)
        for operation in call.operations:
            if isinstance(operation, Collect):
                yield from self._entries(operation)
            elif isinstance(operation, Recording) and operation.paused_ms is None:
                yield from (act for act in _into(operation) if not (answers and isinstance(act, Says)))
            elif isinstance(operation, Detection) and operation.what == "digit":
                yield Presses(digits=(operation.digits or "1")[0])
            elif isinstance(operation, Prompt):
                yield from _to_prompt(operation)
        about = call.asks
        if about:
            yield from _decisions(about)  # type: ignore[arg-type]  # one of them
        yield HangsUp()

    def _entries(self, collect: Collect) -> tuple[Act, ...]:
        """Of a collect, by the step that has begun it."""
        if collect.text is not None or collect.digits:
            return (Presses(digits="1"),) if collect.digits and collect.continuous else ()
        place = op_of(ControlId(collect.control_id)).rsplit(".", 3)[0].partition(".")[2]
        key = f"{place}/{collect.max_digits}/{collect.terminators}/{collect.speech}"
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = tuple(self._all_entries(collect, place))
        return found

    def _ask(self, name: str) -> AskValue | None:
        flows = (self._graph, *self._graph.subflows.values())
        step = next((step for flow in flows for at, step in flow.steps.items() if at == name), None)
        return step.value if step is not None and isinstance(step.value, AskValue) else None

    def _sure(self, name: str) -> list[float]:
        """How sure the platform may be of what was said, as far as the flow asks for it: after the step, or to `accept` it."""
        flows = ("", *self._graph.subflows)
        apart = [
            self._classes.apart(flows, one, self._confidences) for one in (f"steps.{name}.confidence", "confidence")
        ]
        return list(dict.fromkeys(itertools.chain(*apart)))

    def _all_entries(self, collect: Collect, place: str) -> Iterator[Act]:
        ask = self._ask(place)
        if collect.max_digits:
            for digits in dict.fromkeys(_digits(collect, ask, self._literals)):
                yield Presses(digits=digits)
        if collect.speech:
            for text in dict.fromkeys(_words(ask, self._literals)):
                yield from (Says(text=text, confidence=sure) for sure in self._sure(place))
            yield Says(text="")
            if ask is not None and ask.min_confidence:
                yield Says(text=_words(ask, self._literals)[0], confidence=1.0)


def _digits(collect: Collect, ask: AskValue | None, literal: tuple[str, ...]) -> Iterator[str]:
    """Of each choice its first key; a wrong one; of a longer entry one that fits and one that does not (where any does, one
    that is no number), one that is not ended, and one that is too long."""
    end = collect.terminators[:1]
    ended = [] if ask is None else [choice.keys[0] for choice in ask.choices if choice.keys]
    if ask is not None and ask.choices:
        ended += [key for key in _KEYS if _is_no_choice(key, ask, collect)][:1]
    else:
        ended += _fitting(collect, ask, literal)
    for digits in ended:
        yield digits if len(digits) >= collect.max_digits else digits + end
    if collect.max_digits > 1:
        longest = max(ended, key=len, default="1")
        yield longest[0]
        if len(longest) < collect.max_digits:
            yield (longest * collect.max_digits)[: collect.max_digits]
        if end:
            yield end


def _is_no_choice(key: str, ask: AskValue, collect: Collect) -> bool:
    return key not in collect.terminators and not any(
        one.startswith(key) for choice in ask.choices for one in choice.keys
    )


def _fitting(collect: Collect, ask: AskValue | None, literal: tuple[str, ...]) -> list[str]:
    pattern = ask.accept.digits if ask is not None and ask.accept is not None else ""
    named = [text for text in literal if text.isdigit() and len(text) <= collect.max_digits]
    runs = [("7391" * _LONGEST)[:length] for length in range(1, min(collect.max_digits, _LONGEST) + 1)]
    dates = ["0101", "010180", "01011980", "19800101"]
    tried = [*named, *(one for one in (*runs, *dates) if len(one) <= collect.max_digits)]
    if not pattern:
        return [*named, tried[min(3, len(tried) - 1)], *_no_numbers(collect)]
    fits = [one for one in tried if re.search(pattern, one)]
    others = [one for one in tried if not re.search(pattern, one)]
    return [*[one for one in named if one in fits], *fits[:1], *others[:1]]


def _no_numbers(collect: Collect) -> Iterator[str]:
    """An entry that is none, where nothing sees to it that it is."""
    other = next((key for key in "*#" if key not in collect.terminators), "")
    if other:
        yield f"1{other}2"[: collect.max_digits] if collect.max_digits > 1 else other


def _words(ask: AskValue | None, literal: tuple[str, ...]) -> list[str]:
    said = [] if ask is None else [choice.phrases[0] for choice in ask.choices if choice.phrases]
    if ask is None or not ask.choices:
        said += [text for text in literal if " " not in text and text.isalpha()]
    return [*said, _WRONG_WORDS]


def _into(recording: Recording) -> Iterator[Act]:
    if recording.direction in ("speak", "both"):
        yield Says(text="please call me back")
    if recording.terminators:
        yield Presses(digits=recording.terminators[0])


def _to_prompt(prompt: Prompt) -> Iterator[Act]:
    if prompt.max_digits:
        yield Presses(digits="1" * prompt.max_digits)
    if prompt.speech:
        yield Says(text="yes")


def _decisions(about: About) -> Iterator[Act]:
    for word in WORDS[about]:
        yield Decides(about=about, verdict=Verdict(word=word))
