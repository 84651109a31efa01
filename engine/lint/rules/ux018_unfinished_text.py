"""A text that is spoken is still the draft of one.

## What it does
Reports texts of `play`, `ask` and `filler` that hold what authors write until they know what to say: TBD, "lorem ipsum", "text to be
written", "your text here", "placeholder", that the text follows or is not there yet, a name in brackets (`[COMPANY NAME]`,
`<company>`), and the words by which programmers mark in code what is left to do.

## Why
It is read out to callers.

## Bad
```yaml
hello:
  play: "Greeting TBD, marketing has the wording."
  next: bye
bye:
  end: hangup
```

## Good
```yaml
hello:
  play: "Thank you for calling Riverside Dental."
  next: bye
bye:
  end: hangup
```

## Limits
Knows the words that are usual in English and in code, and in four languages how a draft says that the text is not there yet. In
Spanish, Portuguese, French and Italian a mark of programmers may be a word or a number in capitals: there it has to stand alone, in
brackets, or before a colon.

## Source
What linters of code say of such marks in what is shipped.
"""

import re
from collections.abc import Iterator

from engine.compile.located import walk
from engine.compile.scope import StepNode
from engine.lint.rule import Found, Rule
from engine.lint.spoken import language, primary, spoken
from engine.lint.subject import Subject

RULE = Rule(code="UX018", name="unfinished-text", severity="warning")

_DRAFT = re.compile(
    r"\b(?:TO[D]O|TBD|TBC|FIX[M]E|XX[X]+)\b|\[[A-Z][A-Z0-9 _/-]{2,40}\]|(?i:lorem ipsum|\bplaceholder\b|\b(?:your|insert|add|enter) (?:\w+ )?text here\b"
    r"|\b(?:text|prompt|wording|greeting|message)s?\b[^.!?]{0,40}\bto be (?:written|defined|decided|translated|supplied)\b"
    r"|[\[<](?:your |insert |the )?(?:company|business|firm|practice|customer|caller|agent|department|phone|first|last)\b[^\]<>]{0,40}[\]>]"
    r"|\b(?:dummy|sample|example|draft) text\b|\bto be (?:written|worded|translated)[.\s]*$)"
)
_NOT_THERE = re.compile(
    r"\W*(?:(?:the|der|el|le) )?(?:text|prompt|wording|script|ansagetext|texto|guion|texte)s? (?:(?:is|are) )?(?:(?:still|noch|wird) )?"
    r"(?:follows?|to follow|comes? later|goes here|pending|missing|needed|(?:coming|available) soon|to come|not (?:written|ready|there)"
    r"|folgt|fehlt|kommt|aquí|pendiente|por definir|suit|manquante?|à (?:venir|compléter|définir))(?: (?:yet|noch|später))?\W*",
    re.IGNORECASE,
)
"""Nothing but that. Of a message it may well be said that it follows."""
_ORDINARY = re.compile(r"(?<![(\[])\b(?:TO[D]O|XX[X]+)\b(?!\s*[:(\[])")
_ALONE = re.compile(r"\W*\w+\W*")
_ROMANCE = ("", "es", "pt", "gl", "ca", "it", "fr")
"""Where one of the marks is a word, or a number is written like one; and where nobody knows the language."""
_CASED = ("TO", "TB", "FIX", "XX", "[", "<")
_SHORT = 50
_SIGNS = ("lorem", "placeholder", "text", "to be", "prompt", "wording", "script", "guion")
"""One of them stands in every draft: hardly any text is looked at more closely."""


def check(subject: Subject) -> Iterator[Found]:
    for step in subject.steps("play", "ask", "fetch"):
        for path, scalar in spoken(step):
            found = _draft(scalar.text)
            if found and _ORDINARY.fullmatch(found[0]) and _is_romance(subject, step):
                found = _draft(_in_small(scalar.text))
            if found:
                yield subject.found(
                    scalar,
                    f"“{found[0].strip()}” is read out to callers.",
                    help="Write what they are to hear.",
                    path=(*step.path, *path),
                    part=found.span(),
                )


def _is_romance(subject: Subject, step: StepNode) -> bool:
    own = (scalar.text for path, scalar in walk(step.value) if path[-1:] == ("language",))
    return any(primary(tag) in _ROMANCE for tag in (language(subject, step), *own))


def _in_small(text: str) -> str:
    """So that capitals are no mark of a draft, unless they stand alone, in brackets or before a colon."""
    return text if _ALONE.fullmatch(text) else _ORDINARY.sub(lambda one: one[0].lower(), text)


def _draft(text: str) -> re.Match[str] | None:
    if not _has_sign(text):
        return None
    return _DRAFT.search(text) or (_NOT_THERE.fullmatch(text) if len(text) < _SHORT else None)


def _has_sign(text: str) -> bool:
    return any(map(text.__contains__, _CASED)) or any(map(text.lower().__contains__, _SIGNS))
