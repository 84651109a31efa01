"""What people say last, in English, Spanish, German and French."""

import re
from collections.abc import Container, Iterator

from engine.compile.scope import StepNode
from engine.lint.routes import leading_to
from engine.lint.spoken import texts
from engine.lint.subject import Subject, node_at
from engine.model.ids import StepName

SENTENCE = re.compile(r"[^.!?]+")
_BYE = r"(?:good[ -]?bye|bye[ -]bye|bye|adiós|hasta luego|auf wieder(?:hören|sehen)|tschüss|au revoir)"
_POLITE = r"(?:(?:and |so )?(?:thank|have a|take care|gracias|vielen dank|danke|merci|bonne)[^.!?]{0,80}[,; ] ?)?(?:and |y |und |et )?"
_FAREWELL = re.compile(rf"{_POLITE}{_BYE}", re.IGNORECASE)
_CLOSING = re.compile(
    rf"\b(?:{_BYE}|have a (?:\w+ )?(?:day|evening|night|weekend|time)|(?:buen|feliz) (?:día|tarde|noche|viaje)"
    r"|schönen (?:\w+ )?(?:tag|abend)|bonne (?:journée|soirée)|hang up|cuelgue|legen sie (?:\w+ )?auf|raccroche[zr])\b",
    re.IGNORECASE,
)


def is_farewell(sentence: str) -> bool:
    """Is it that, and nothing else?"""
    return _FAREWELL.fullmatch(sentence) is not None


def last_sentence(text: str) -> str:
    found = SENTENCE.findall(text.strip(" .!?\n"))
    return found[-1].strip() if found else ""


def closes(step: StepNode) -> bool:
    """Is there a farewell in the last sentence of a `play` or an `ask`?"""
    said = step.value if step.verb.name == "play" else node_at(step.value, "prompt")
    return _CLOSING.search(last_sentence(" ".join(texts(said)))) is not None


def plays_before(subject: Subject, name: str, between: Container[str]) -> Iterator[StepNode]:
    """Each `play` that may be the last before a step, with nothing but the steps between that are named."""
    quiet = {one: out for one, out in subject.ways.items() if one in between}
    behind = leading_to(quiet, [StepName(name)])
    for step in subject.steps("play"):
        if any(way.to in behind for way in subject.ways.get(step.name, ())):
            yield step
