"""What a rule is. Each is a module of `engine.lint.rules`: its docstring is its page, `RULE` its row, `check` its code."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Literal, Protocol

from msgspec import Struct

from engine.lint.finding import Fix
from engine.model.diagnostics import Severity

if TYPE_CHECKING:
    from engine.lint.subject import Subject

Fixability = Literal["none", "safe", "unsafe"]
Needs = Literal["document", "ways", "graph"]
"""document: looks at the sound steps of any file. ways: says only what holds whatever the broken steps of a file are meant to
do (`Subject.broken`). graph: half a graph would lie, so the file has to compile."""


class Rule(Struct, frozen=True, kw_only=True):
    """`name` states the mistake. `since` is the rule set (`settings.RULE_SET`) that it came with; `options` are
    the numbers that a project may change, with their defaults."""

    code: str
    name: str
    severity: Severity
    since: int = 1
    fixability: Fixability = "none"
    needs: Needs = "document"
    options: Mapping[str, int] = {}


class Found(Struct, frozen=True, kw_only=True):
    """What a rule says of a place; the rest of the finding is the rule's. `severity`: where it is not. `in_tests`: the place is
    in the flow's test file."""

    start: int
    end: int
    message: str
    help: str
    path: str = ""
    witness: tuple[str, ...] = ()
    fix: Fix | None = None
    severity: Severity | None = None
    in_tests: bool = False


class RuleModule(Protocol):
    """A module of `engine.lint.rules`."""

    RULE: Rule

    def check(self, subject: "Subject") -> Iterator[Found]: ...
