"""SEC003: what a secret or a private value may be used for, and nothing else.

may                                                   secret        private
be compared (==, !=), measured (size)                 yes           yes
stand in a condition, a spoken text                   no            yes
stand in a fetch's `json` or `body`                   as a whole    yes
be given to an input that is secret                   as a whole    yes
be given to an input that is private                  no            yes
"""

import re
from collections.abc import Mapping as Map
from typing import TYPE_CHECKING

from engine.compile.located import Mapping, Node, Path, Scalar, dotted
from engine.compile.report import Report
from engine.expr import Checked
from engine.expr.checked import Read
from engine.model.graph import Declared, Secrecy

if TYPE_CHECKING:
    from engine.compile.scope import Scope, StepNode

ANSWER = ("value", "digits", "text")
"""The fields of an answer that tell what was entered."""
_SPOKEN = frozenset(("play", "params", "text", "prompt", "reprompt", "no_input", "no_match", "filler"))
"""The keys on the way to a text that is spoken."""
_ALLOWED = {
    "secret": "It may be compared (==, !=), measured (size), and be the whole `${{ }}` of a value in a fetch's `json` or"
    " `body`, or of a subflow's secret input.",
    "private": "It may stand in what is spoken, in conditions, in a fetch's `json` or `body`, and be given to a subflow's"
    " private or secret input; elsewhere it may be compared (==, !=) and measured (size).",
}


def of_flow(inputs: Map[str, Declared], steps: Map[str, "StepNode"]) -> dict[str, Secrecy]:
    """The dotted names whose values are not for everybody."""
    found: dict[str, Secrecy] = {f"inputs.{name}": one.secrecy for name, one in inputs.items() if one.secrecy}
    for name, step in steps.items():
        secrecy = declared(step.value) if step.verb.name == "ask" else ""
        if secrecy:
            found |= {f"steps.{name}.{field}": secrecy for field in ANSWER}
    return found


def declared(node: Node) -> Secrecy:
    """What an ask or an input says of itself."""
    return "secret" if _is_true(node, "secret") else "private" if _is_true(node, "private") else ""


def _text(node: Mapping, key: str) -> str:
    value = node.get(key)
    return value.text if isinstance(value, Scalar) else ""


def _is_true(node: Node, key: str) -> bool:
    value = node.get(key) if isinstance(node, Mapping) else None
    return isinstance(value, Scalar) and value.value is True


def check_words(report: Report, node: Mapping, path: Path) -> bool:
    """Are `secret`, `private` and `record_while_secret` where they have a meaning? True also when they are not, which
    has been said then."""
    secret, private = _is_true(node, "secret"), _is_true(node, "private")
    if secret and private:
        problem, advice = "A value is secret or private, not both.", "Remove `private`: what is secret is private too."
        _misplaced(report, node.key("private"), problem, advice, path)
    if secret and node.get("default") is not None:
        problem = "A secret that stands in the flow is none."
        _misplaced(report, node.key("default"), problem, "Remove `default`.", path)
    if (secret or private) and _text(node, "type") == "handle":
        problem = "A handle is not for anybody's eyes anyway."
        _misplaced(report, node.key("secret") or node.key("private"), problem, "Remove it.", path)
    if not secret and node.get("record_while_secret") is not None:
        problem = "`record_while_secret` is about an answer that is `secret: true`."
        _misplaced(report, node.key("record_while_secret"), problem, "Remove it.", path)
    return True


def _misplaced(report: Report, node: Node | None, problem: str, advice: str, path: Path) -> None:
    if node is not None:
        report.node_error("SYN013", "misplaced-key", node, problem, help=advice, path=dotted(path))


def check(scope: "Scope", scalar: Scalar, expression: Checked, offset: int, path: Path, *, alone: bool = False) -> bool:
    """Reports every use that is not allowed, in the expression that begins at `offset` in the scalar. `alone`: the
    value is exactly this `${{ }}`. True when what it gives is private and is spoken."""
    if scope.secrecy.keys().isdisjoint(expression.names):
        return False
    private = False
    for read in expression.reads:
        secrecy = scope.secrecy.get(read.name, "")
        if not secrecy or read.how == "compared":
            continue
        if not _may(scope, secrecy, path, whole=alone and read.how == "whole"):
            _report(scope, scalar, expression.source, read, secrecy, offset, path)
        private = private or (secrecy == "private" and is_spoken(path))
    return private


def _may(scope: "Scope", secrecy: Secrecy, path: Path, *, whole: bool) -> bool:
    free = secrecy == "private"
    if path[2] == "fetch" and len(path) > 3 and path[3] in ("json", "body"):
        return free or whole
    if path[2] == "subflow" and len(path) > 4:
        taken = _input(scope, path)
        return taken != "" and (free or (whole and taken == "secret"))
    return free and (path[-1] == "if" or is_spoken(path))


def is_spoken(path: Path) -> bool:
    spoken = path[2] in ("play", "ask") or path[2:4] == ("fetch", "filler")
    return spoken and all(part in _SPOKEN for part in path[3:] if isinstance(part, str))


def _input(scope: "Scope", path: Path) -> Secrecy:
    """How the flow that is called takes the input."""
    step = scope.steps.get(str(path[1]))
    flow = step.value.get("flow") if step is not None and isinstance(step.value, Mapping) else None
    called = scope.called.get(flow.text) if isinstance(flow, Scalar) else None
    taken = called.graph.inputs.get(str(path[4])) if called is not None and called.graph is not None else None
    return taken.secrecy if taken is not None else ""


def _report(scope: "Scope", scalar: Scalar, source: str, read: Read, secrecy: Secrecy, offset: int, path: Path) -> None:
    at, length = _place(source, read)
    scope.report.text_error(
        "SEC003",
        "secret-exposed",
        scalar,
        offset + at,
        length,
        f"`{read.name}` is {secrecy}, and would be told here to somebody who is not to know it.",
        help=_ALLOWED[secrecy],
        path=dotted(path),
    )


def _place(source: str, read: Read) -> tuple[int, int]:
    """Where the name stands; CEL gives the place of its last dot."""
    words = r"\s*\.\s*".join(map(re.escape, read.name.split(".")))
    found = [one for one in re.finditer(words, source) if one.start() <= read.offset <= one.end()]
    return (found[0].start(), len(found[0].group())) if found else (read.offset, 1)
