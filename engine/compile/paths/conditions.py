"""What a condition says of outcomes: `steps.menu.outcome == 'sales'` is how a flow asks which way it came.

These are understood, and several of them about one step with `||` between them; of a condition with `&&`
each part by itself. Everything else says nothing.

    steps.menu.outcome == 'sales'
    steps.menu.outcome != 'no_input'
    steps.menu.outcome in ['sales', 'support']
    or(steps.menu.outcome, '') == 'sales'
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from engine.model.ids import StepName

_TEXT = r"""(?:'[^'\\]*'|"[^"\\]*")"""
_ATOM = (
    r"(?P<or>or\(\s*)?steps\.(?P<step>[a-z][a-z0-9_]*)\.outcome"
    rf"(?(or)\s*,\s*(?P<default>{_TEXT})\s*\))"
    rf"\s*(?:(?P<operator>==|!=)\s*(?P<one>{_TEXT})|in\s*\[(?P<many>\s*{_TEXT}(?:\s*,\s*{_TEXT})*\s*)\])"
)
_SIGN = rf"{_TEXT}|[()\[\]{{}}?]|&&|\|\|"


class Test(Struct, frozen=True):
    """Is the outcome among these, or (`among` false) among none of them? `default` is what counts as the outcome
    of a step that has had none; None when the condition has no value then."""

    outcomes: frozenset[str]
    among: bool
    default: str | None

    def holds(self, outcome: str) -> bool:
        return (outcome in self.outcomes) == self.among


class Said(Struct, frozen=True):
    """One of the tests holds of the step's outcome."""

    step: StepName
    tests: tuple[Test, ...]

    def may_be(self, outcome: str, *, when: bool) -> bool:
        """Can the condition be `when` and the outcome this one? An empty outcome is none."""
        known = [test.default if outcome == "" else outcome for test in self.tests]
        if None in known:
            return False
        return when == any(test.holds(one or "") for test, one in zip(self.tests, known, strict=True))

    def is_about_some(self, outcome: str) -> bool:
        """Does a test name one of the statuses that `http_4xx` stands for?"""
        named = (one for test in self.tests for one in test.outcomes)
        return outcome.endswith("xx") and any(one.startswith(outcome[:6]) for one in named)


def said(source: str) -> tuple[tuple[Said, ...], bool]:
    """What holds of outcomes when the condition does, and whether its contrary holds when the condition does not:
    where only a part is understood, another part may be what does not hold."""
    parts = list(_split(source, "&&"))
    found = [one for part in parts if (one := _of_one_step(part)) is not None]
    return tuple(found), len(parts) == 1


def _of_one_step(part: str) -> Said | None:
    atoms = [re.fullmatch(_ATOM, one.strip()) for one in _split(part, "||")]
    matches = [one for one in atoms if one is not None]
    steps = {one["step"] for one in matches}
    if len(matches) < len(atoms) or len(steps) != 1:
        return None
    return Said(StepName(steps.pop()), tuple(_test(one) for one in matches))


def _test(atom: re.Match[str]) -> Test:
    outcomes = frozenset(one[1:-1] for one in re.findall(_TEXT, atom["one"] or atom["many"]))
    default = atom["default"]
    return Test(outcomes, atom["operator"] != "!=", default[1:-1] if default else None)


def _split(text: str, operator: str) -> Iterator[str]:
    """The parts between the operators that stand in no brackets and no quotes; all in one where another operator
    binds them."""
    depth = begin = 0
    parts: list[str] = []
    for sign in re.finditer(_SIGN, text):
        found = sign.group()
        depth += (found in ("(", "[", "{")) - (found in (")", "]", "}"))
        if depth == 0 and (found == "?" or (operator == "&&" and found == "||")):
            yield text
            return
        if depth == 0 and found == operator:
            parts.append(text[begin : sign.start()])
            begin = sign.end()
    yield from (*parts, text[begin:])
