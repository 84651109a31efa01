"""A value is said as computers keep it.

## What it does
Looks at what a `play`, an `ask` or a `filler` says, for a `${{ }}` that holds nothing but

- a moment: `now`, `next_open(...)`, `parse_date(...)`;
- a telephone number: `call.from`, `call.to`;
- a number of five digits or more that an `ask` or a `collect` takes by keys alone, or a variable that a `set` gives it to;
- a `double` of a reply, an input or a variable that is called after money (`balance`, `price`, `amount`, `fee`, ...);
- what another text of the flow says with `money`, `date`, `time`, `when`, or, if it is called a number, a code or the like, with `spell`.

## Why
Voices read what they are given: "two thousand twenty-six dash eleven dash twenty-three T eight colon zero zero",
"plus fifteen billion ...", "two hundred four thousand seven hundred eleven", "twelve point five". On a screen all of that
looks right.

## Bad
```yaml
uses: {hours: calendar}
steps:
  closed:
    play: "We are closed. We open ${{ next_open(uses.hours, now) }}."
    next: number
  number:
    play: "You are calling from ${{ call.from }}."
    next: bye
  bye:
    end: hangup
```

## Good
```yaml
uses: {hours: calendar}
steps:
  closed:
    play: "We are closed. We open ${{ when(next_open(uses.hours, now)) }}."
    next: number
  number:
    play: "You are calling from ${{ spell(call.from) }}."
    next: bye
  bye:
    end: hangup
```

## Limits
What a text of a reply holds is not known: a date may be one that is written as people say it. Doubles that are not called
after money may be measures, and numbers of four digits or fewer may be years or amounts.

## Source
[The language: expressions](../language.md#expressions), with what `when`, `date`, `time`, `money` and `spell` say.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from engine.compile.scope import StepNode
from engine.lint.rule import Found, Rule
from engine.lint.spoken import spoken
from engine.lint.subject import Subject, node_at, number_at, text_at

RULE = Rule(code="UX023", name="said-as-it-is-kept", severity="warning")

_VALUE = re.compile(r"\$\{\{((?:(?!\$\{\{|\}\}).)*)\}\}", re.DOTALL)
_MOMENT = re.compile(r"now|(?:next_open|parse_date)\((?:[^()]|\([^()]*\))*+\)")
_NUMBER = re.compile(r"call\.(?:from|to)")
_ENTERED = re.compile(r"steps\.(\w+)\.(?:value|digits)")
_MONEY = re.compile(r"(?:^|_)(?:amount|balance|price|cost|fee|due|total|sum|money|credit|debt|payment)(?:$|_)")
_FEWEST = 5
_SAYING = re.compile(r"\b(money|date|time|when|spell)\(((?:[^()]|\((?:[^()]|\([^()]{0,100}\)){0,100}+\)){1,300}+)\)")
_NUMBERED = re.compile(r"[._](?:number|code|digits|id|pin|phone|zip|account|four|receipt|ticket|reference)\b")
_IN_WORDS = re.compile(r"\s*(?:dollars?|euros?|pounds?|cents?|percent|francs?|d[óo]lares|prozent)\b", re.IGNORECASE)


def check(subject: Subject) -> Iterator[Found]:
    said = [
        ((*step.path, *path), scalar)
        for step in subject.steps("play", "ask", "fetch")
        for path, scalar in spoken(step)
        if "${{" in scalar.text
    ]
    known = {**_said_elsewhere(scalar.text for _, scalar in said), **_known(subject)} if said else {}
    for path, scalar in said:
        for found in _VALUE.finditer(scalar.text):
            bare = found[1].strip()
            function = known.get(bare) or _function(subject, bare)
            if function and not _IN_WORDS.match(scalar.text, found.end()):
                yield subject.found(
                    scalar,
                    f"`{bare}` is said as it is kept, not as people say it.",
                    help=f"Write `${{{{ {function.replace('_', bare, 1)} }}}}`.",
                    path=path,
                    part=found.span(),
                )


def _said_elsewhere(texts: Iterable[str]) -> Mapping[str, str]:
    """What other texts of the flow say with. A name may be said and then spelled, a number is not."""
    found: dict[str, str] = {}
    for text in texts:
        for function, given in _SAYING.findall(text):
            value, _, currency = given.rpartition(",") if function == "money" else (given, "", "")
            if function != "spell" or _NUMBERED.search(value):
                found[value.strip()] = f"{function}(_,{currency})" if currency else f"{function}(_)"
    return found


def _function(subject: Subject, bare: str) -> str:
    if _MOMENT.fullmatch(bare):
        return "when(_)"
    if _NUMBER.fullmatch(bare):
        return "spell(_)"
    step = subject.step(bare.split(".")[1]) if bare.startswith("steps.") and bare.count(".") > 2 else None
    is_double = step is not None and text_at(step.value, "returns", *bare.split(".")[3:]) == "double"
    return "money(_, 'USD')" if is_double and _MONEY.search(bare.split(".")[-1]) else ""


def _known(subject: Subject) -> Mapping[str, str]:
    """What these names are to be said with."""
    entered = {
        f"steps.{step.name}.{field}": "spell(_)"
        for step in subject.steps("ask", "collect")
        for field in ("value", "digits")
        if _is_number(step)
    }
    given = {
        f"vars.{name}": "spell(_)"
        for step in subject.steps("set")
        for name, right in _assigned(step)
        if right in entered
    }
    money = {f"{section}.{name}": "money(_, 'USD')" for section, name in _doubles(subject) if _MONEY.search(name)}
    return {**entered, **given, **money}


def _is_number(step: StepNode) -> bool:
    most = number_at(step.value, "digits", "max") or 0
    by_keys = node_at(step.value, "speech") is None and node_at(step.value, "choices") is None
    return by_keys and most >= _FEWEST


def _assigned(step: StepNode) -> Iterator[tuple[str, str]]:
    entries = getattr(step.value, "entries", ())
    return ((name.text, getattr(right, "text", "")) for name, right in entries)


def _doubles(subject: Subject) -> Iterator[tuple[str, str]]:
    for section in ("vars", "inputs"):
        for name, node in subject.section(section).entries:
            value = getattr(node, "value", None)
            if isinstance(value, float) or text_at(node, "type") == "double":
                yield section, name.text
