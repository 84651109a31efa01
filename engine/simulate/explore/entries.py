"""What may be entered into a `collect`, by key or by word: of what the flow tells apart one entry of each kind.

That is whether it fits what an `ask` accepts, and what conditions make of it later. Entries are made from the pattern, from what
stands in conditions, and from the flow's cases; of those that do not fit there is one.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from engine.exchange.caller import Act, Presses, Says
from engine.exchange.live import Collect
from engine.model.graph import AskValue, Expression, FlowGraph
from engine.model.ids import StepName
from engine.model.limits import MAX_SPOKEN
from engine.simulate.explore import literals, patterns
from engine.simulate.explore.classes import Classes
from engine.simulate.explore.handed import Place, results
from engine.simulate.scenario import Scenario

_KEYS = "0123456789*#"
_WRONG_WORDS = "something else"
_OTHERS = ("no", "12", "x")
"""Words in place of the wrong ones, where these fit."""
_LONGEST, _SPOKEN = 24, 64
_DATES = ("0101", "010180", "01011980", "19800101")
_COUNTED = 130
"""So far numbers are tried one after the other, where conditions ask for one."""
_MOST = 8
"""Kinds of entries at most that fit."""
_USUAL, _SURE = 90.0, 100.0
"""How sure the platform is of what it has heard: as a rule, and at most."""


class Entries:
    """Of one flow. `cases` are calls of its tests, `also` conditions that are looked at when a run is over."""

    def __init__(self, graph: FlowGraph, cases: tuple[Scenario, ...] = (), also: tuple[Expression, ...] = ()) -> None:
        self._graph = graph
        self._literals = literals.texts(graph)
        self._numbers = [int(one) for one in literals.numbers(graph) if one >= 0 and one.is_integer()]
        self._classes = Classes(graph, also)
        lines = [line for one in cases for line in one.script]
        self._pressed = [one.digits for one in lines if isinstance(one, Presses)]
        self._said = [one.text for one in lines if isinstance(one, Says) and one.text]
        sure = (one for one in literals.numbers(graph) if 0 <= one <= _SURE)
        self._confidences = (_USUAL, *sure, *(one.confidence for one in lines if isinstance(one, Says)))

    def of(self, flow: str, step: str, collect: Collect) -> Iterator[Act]:
        """Of what a step of a flow ("" for the run's own) has begun."""
        found = self._graph.flow_of(flow).steps.get(StepName(step))
        ask = found.value if found is not None and isinstance(found.value, AskValue) else None
        places = results(self._graph, flow, step)
        if collect.max_digits:
            yield from (Presses(digits=one) for one in dict.fromkeys(self._digits(collect, ask, places)))
        if collect.speech:
            words = list(dict.fromkeys(self._words(ask, places)))
            sure = self._classes.apart([*_named(places, "confidence"), (flow, "confidence")], self._confidences)
            yield from (Says(text=text, confidence=one) for text in words for one in sure)
            yield Says(text="")
            if ask is not None and ask.min_confidence:
                yield Says(text=words[0], confidence=1.0)

    def _digits(self, collect: Collect, ask: AskValue | None, places: list[Place]) -> Iterator[str]:
        """Of each choice its first key, and those that are told apart from it; a wrong one; of a longer entry those that fit and one that does not (where any does, one
        that is no number), one that is not ended, and one that is too long."""
        end = collect.terminators[:1]
        judged = _named(places, "value", "digits")
        choices = () if ask is None else ask.choices
        ended = [key for one in choices for key in self._kinds(judged, one.keys)]
        if ask is not None and ask.choices:
            ended += [key for key in _KEYS if _is_no_choice(key, ask, collect)][:1]
        else:
            ended += self._entered(collect, ask, places)
        for digits in ended:
            yield digits if len(digits) >= collect.max_digits else digits + end
        if collect.max_digits > 1:
            longest = max(ended, key=len, default="1")
            yield longest[0]
            if len(longest) < collect.max_digits:
                yield (longest * collect.max_digits)[: collect.max_digits]
            if end:
                yield end
        others = self._classes.apart(_named(places, "terminator"), collect.terminators)[1:]
        yield from (one + end for one in ended[:1] if len(one) < collect.max_digits for end in others)

    def _entered(self, collect: Collect, ask: AskValue | None, places: list[Place]) -> list[str]:
        pattern = ask.accept.digits if ask is not None and ask.accept is not None else ""
        longest = min(collect.max_digits, _LONGEST)
        named = [text for text in self._literals if text.isdigit()]
        runs = _runs(longest)
        usual = [runs[min(3, longest - 1)], *runs, *_DATES]
        made = _made(pattern, longest) if pattern else ()
        pressed = [one.rstrip(collect.terminators) if collect.terminators else one for one in self._pressed]
        judged = [*_named(places, "value", "digits"), (places[0][0], "value"), (places[0][0], "digits")]
        counted = [*self._numbers, *range(_COUNTED)] if self._classes.asks(judged) else []
        widths = dict.fromkeys((0, *(len(one) for one in made)))
        padded = [str(number).zfill(width) for width in widths for number in counted]
        every = [*named, *(usual if pattern else usual[:1]), *made, *pressed, *padded]
        every = [one for one in every if 0 < len(one) <= collect.max_digits and _can_be_pressed(one, collect)]
        fitting = [one for one in (*every, *runs) if re.search(pattern, one)]
        fits = self._kinds(judged, fitting)
        if self._classes.beside(judged):
            fits += [*_typical(pattern, longest), *[one for one in fitting if one not in fits][:1]]
        known = [one for one in named if one in every and re.search(pattern, one)]
        numbers = list(_no_numbers(collect))
        if not pattern:
            return [*known, *fits, *numbers]
        wrong = [*every, *runs, *numbers, *_KEYS]
        return [*known, *fits, *[one for one in wrong if not re.search(pattern, one)][:1]]

    def _words(self, ask: AskValue | None, places: list[Place]) -> Iterator[str]:
        """Of each choice its first phrase, and those that are told apart from it; words of the flow, and what fits; and what is another thing."""
        if ask is not None and ask.choices:
            said = _named(places, "value", "text")
            yield from (phrase for one in ask.choices for phrase in self._kinds(said, one.phrases))
            yield _WRONG_WORDS
            return
        pattern = ask.accept.speech if ask is not None and ask.accept is not None else ""
        judged = [*_named(places, "value", "text"), (places[0][0], "value"), (places[0][0], "text")]
        words = [text for text in self._literals if " " not in text and text.isalpha()]
        made = patterns.fitting(pattern, patterns.LETTERS, _SPOKEN, any_case=True) if pattern else ()
        asked = literals.made(self._classes.asks(judged))
        every = [*words, _WRONG_WORDS, *made, *self._literals, *asked, *self._said]
        yield from words
        yield from self._kinds(judged, filter(_fits(pattern), every))
        yield from itertools.islice(itertools.filterfalse(_fits(pattern), (_WRONG_WORDS, *_OTHERS)), 1)

    def _kinds(self, places: list[Place], every: Iterable[str]) -> list[str]:
        return self._classes.apart(places, every)[:_MOST]


def typical(ask: AskValue) -> list[str]:
    """What is always tried of entries by key that fit, if there are such: services reply the same where they are compared."""
    digits = ask.collect.get("digits") if isinstance(ask.collect, Mapping) else None
    most = digits.get("max", 1) if isinstance(digits, Mapping) else 0
    pattern = ask.accept.digits if ask.accept is not None else ""
    return _typical(pattern, min(most, _LONGEST)) if isinstance(most, int) and most and not ask.choices else []


def _typical(pattern: str, longest: int) -> list[str]:
    runs = _runs(longest)
    every = [runs[min(3, longest - 1)], *runs, *(_made(pattern, longest) if pattern else ())]
    return [one for one in every if re.search(pattern, one)][:1]


def _runs(longest: int) -> list[str]:
    """Digits of every length."""
    return [("7391" * _LONGEST)[:length] for length in range(1, longest + 1)]


def _made(pattern: str, longest: int) -> tuple[str, ...]:
    """What nothing can be made for, such as what refers back, is looked for among all short numbers."""
    found = patterns.fitting(pattern, patterns.KEYS, longest)
    if found:
        return found
    every = (str(number).zfill(width) for width in range(1, min(longest, 4) + 1) for number in range(10**width))
    return tuple(itertools.islice((one for one in every if re.search(pattern, one)), 1))


def _named(places: list[Place], *fields: str) -> list[Place]:
    return [(flow, f"{name}.{field}") for flow, name in places for field in fields]


def _fits(pattern: str) -> Callable[[str], bool]:
    return lambda text: len(text) <= MAX_SPOKEN and re.search(pattern, text, re.IGNORECASE) is not None


def _can_be_pressed(digits: str, collect: Collect) -> bool:
    return all(key in _KEYS and key not in collect.terminators for key in digits)


def _is_no_choice(key: str, ask: AskValue, collect: Collect) -> bool:
    return key not in collect.terminators and not any(
        one.startswith(key) for choice in ask.choices for one in choice.keys
    )


def _no_numbers(collect: Collect) -> Iterator[str]:
    """An entry that is none, where nothing sees to it that it is."""
    other = next((key for key in "*#" if key not in collect.terminators), "")
    if other:
        yield f"1{other}2"[: collect.max_digits] if collect.max_digits > 1 else other
