"""Where the steps of a caller's way stand in the flow."""

import re
from functools import cached_property

from engine.compile import yaml_reader
from engine.compile.located import Mapping, Scalar
from engine.lint.places import Places
from engine.model.diagnostics import Span

_STEP = re.compile(r"[\w.]+")
_LINE = re.compile(r"\(line (\d+)")


class Way:
    """`text` is the flow's; it is read when somebody asks."""

    def __init__(self, text: str) -> None:
        self._text = text

    def spans(self, witness: tuple[str, ...], otherwise: Span) -> list[Span]:
        """Of each step its name's; the call's beginning is at `start`. What resumes is where the step before it is."""
        found: list[Span] = []
        for step in witness:
            last = found[-1] if found else otherwise
            found.append(last if step == "resume" else self._span(step) or otherwise)
        return found

    def _span(self, step: str) -> Span | None:
        name = _STEP.match(step)
        key = self._keys.get(name[0]) if name else None
        if key is not None:
            return self._places.span(key.start, key.end)
        line = _LINE.search(step)
        return Span(int(line[1]), 1, int(line[1]), 1) if line else None

    @cached_property
    def _places(self) -> Places:
        return Places(self._text)

    @cached_property
    def _keys(self) -> dict[str, Scalar]:
        root, _ = yaml_reader.read("", self._text.encode())
        if not isinstance(root, Mapping):
            return {}
        found = {key.text: key for key, _ in root.entries if key.text == "start"}
        for section, before in (("finally", "finally."), ("steps", "")):
            steps = root.get(section)
            found |= {before + key.text: key for key, _ in steps.entries} if isinstance(steps, Mapping) else {}
        return found
