"""The lines of a caller's script, as they are written in a case."""

from collections.abc import Mapping as Map
from typing import Any

from msgspec import Struct

from engine.compile import duration_ms
from engine.compile.located import Mapping, Node, Scalar
from engine.exchange.caller import Detected, HangsUp, Hears, Line, Marks, Presses, Says, Sign, Silent
from engine.exchange.decision_text import DecisionTextError, read_decision
from engine.exchange.decisions import WORDS
from engine.exchange.inputs import Outcome as Answers
from engine.simulate.cases.case import Case
from engine.simulate.scenario import Signal

KEYS = frozenset("0123456789*#ABCD")
ACTS = ("answers", "hears", "presses", "says", "silent", "hangs_up", *WORDS, "signal")
_BESIDE = {
    "to_the_end": ("hears",),
    "confidence": ("says",),
    "lasts": ("says",),
    "with": ("signal",),
    "ignored": ("presses", "says"),
}
_DETECTED: tuple[Detected, ...] = ("human", "machine", "fax", "unknown")
_NEVER_MS = 3_600_000
"""After any detector's time is up."""
SIGNS: Map[str, tuple[Sign, ...]] = {
    "long_greeting": (Sign(after_ms=1_250, event="MACHINE"), Sign(after_ms=_NEVER_MS, event="READY")),
    "silence": (Sign(after_ms=_NEVER_MS, event="UNKNOWN"),),
}
_UNANSWERED: tuple[Answers, ...] = ("busy", "no_answer", "declines", "not_found")


class Script(Struct, frozen=True, kw_only=True):
    """`nodes` are where the lines stand. `after_ms`: when the call is answered, None for the usual time."""

    lines: tuple[Line, ...] = ()
    nodes: tuple[Node, ...] = ()
    signals: Map[str, Signal] = {}
    answers: Answers = "answers"
    detected: Detected = "human"
    signs: tuple[Sign, ...] = ()
    after_ms: int | None = None


def read(case: Case, *, outbound: bool) -> Script:
    """The case's script; what is wrong with it is reported."""
    return _Reading(case, outbound).script()


class _Reading:
    def __init__(self, case: Case, outbound: bool) -> None:
        self._case = case
        self._outbound = outbound
        self._lines: list[Line] = []
        self._nodes: list[Node] = []
        self._signals: dict[str, Signal] = {}

    def script(self) -> Script:
        answers: Answers = "answers"
        detected: Detected = "human"
        signs: tuple[Sign, ...] = ()
        after_ms: int | None = None
        for index, node in enumerate(self._case.items("caller")):
            assert isinstance(node, Mapping)
            act = self._act(node)
            value = node.get(act)
            if act == "answers" and isinstance(value, Scalar):
                answers, detected, after_ms = self._answers(index, value)
                signs = SIGNS.get(value.text.partition(" ")[0], ())
            elif act and value is not None and (line := self._line(act, node, value)) is not None:
                self._lines.append(line)
                self._nodes.append(node)
        return Script(
            lines=tuple(self._lines),
            nodes=tuple(self._nodes),
            signals=self._signals,
            answers=answers,
            detected=detected,
            signs=signs,
            after_ms=after_ms,
        )

    def _act(self, node: Mapping) -> str:
        """The one thing that a line says; "" where it says two, which is reported."""
        acts = [key for key, _ in node.entries if key.text in ACTS]
        for key, _ in node.entries:
            beside = _BESIDE.get(key.text, ())
            if beside and not any(one.text in beside for one in acts):
                names = " or ".join(f"`{one}`" for one in beside)
                self._wrong(key, f"`{key.text}` goes with {names}, which this line has not.")
        if len(acts) > 1:
            message = f"One line does one thing, and this one has `{acts[0].text}` and `{acts[1].text}`."
            self._wrong(acts[1], message, "Make it two lines, each with a `-`.")
            return ""
        return acts[0].text

    def _wrong(self, node: Node, message: str, advice: str = "") -> None:
        self._case.wrong("TST005", "bad-script", node, message, advice)

    def _answers(self, index: int, value: Scalar) -> tuple[Answers, Detected, int | None]:
        word, _, after = value.text.partition(" after ")
        if index:
            self._wrong(value, "`answers` is how the call begins.", "Make it the first line.")
        if not self._outbound and (after or word in _UNANSWERED):
            advice = "Here it says what a detector finds: human, machine, long_greeting, fax, unknown or silence."
            self._wrong(value, "The flow is called, so nobody has to answer it.", advice)
        after_ms = duration_ms(after) if after else None
        answers: Answers = next((one for one in _UNANSWERED if one == word), "answers")
        return answers, next((one for one in _DETECTED if one == word), "human"), after_ms

    def _line(self, act: str, node: Mapping, value: Node) -> Line | None:
        text = value.text if isinstance(value, Scalar) else ""
        match act:
            case "hears":
                return Hears(text=text, to_the_end=_value(node, "to_the_end") is True)
            case "presses":
                return self._presses(value, text)
            case "says":
                given = _value(node, "confidence")
                confidence = 90.0 if given is None else float(given)
                return Says(text=text, confidence=confidence, duration_ms=duration_ms(_text(node, "lasts")) or 0)
            case "silent":
                return Silent(ms=duration_ms(text) or 0)
            case "hangs_up":
                return HangsUp()
            case "signal":
                return self._signal(node, text)
        return self._decides(act, value)

    def _presses(self, value: Node, text: str) -> Line | None:
        strange = sorted(set(text) - KEYS)
        if strange or not text:
            message = f"`{text}` are not keys of a telephone."
            self._wrong(value, message, "Keys are 0-9, *, # and A-D.")
            return None
        return Presses(digits=text)

    def _signal(self, node: Mapping, name: str) -> Line:
        given = node.get("with")
        entries = given.entries if isinstance(given, Mapping) else ()
        payload = {key.text: one.value for key, one in entries if isinstance(one, Scalar)}
        mark = f"{name}#{len(self._signals) + 1}"
        self._signals[mark] = Signal(name=name, payload=payload)
        return Marks(name=mark)

    def _decides(self, act: str, value: Node) -> Line | None:
        about = next(one for one in WORDS if one == act)
        talks = value.get("talks") if isinstance(value, Mapping) else None
        text = f"talks {talks.text}" if isinstance(talks, Scalar) else "talks"
        try:
            return read_decision(about, value.text if isinstance(value, Scalar) else text)
        except DecisionTextError as error:
            self._wrong(value, f"{error}.")
            return None


def _value(node: Mapping, key: str) -> Any:
    found = node.get(key)
    return found.value if isinstance(found, Scalar) else None


def _text(node: Mapping, key: str) -> str:
    found = node.get(key)
    return found.text if isinstance(found, Scalar) else ""
