"""What the builders of steps share: the report, the names in expressions, the files beside the flow."""

import re
from collections.abc import Iterable, Set
from collections.abc import Mapping as Map
from copy import copy
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from engine.compile import secrecy
from engine.compile.called import Called
from engine.compile.checked_swml import SwmlCheck
from engine.compile.located import Mapping, Node, Path, Scalar, Sequence, dotted
from engine.compile.patience import Ask, go_on
from engine.compile.places import is_swml, is_url
from engine.compile.plain import drop_owned, takes_templates
from engine.compile.report import Report, nearest
from engine.compile.step_nodes import StepNode as StepNode
from engine.compile.step_nodes import Use as Use
from engine.compile.step_nodes import step_at
from engine.compile.ways_back import way_back
from engine.compile.wording import a_type, either, short
from engine.expr import (
    Checked,
    Environment,
    Mistake,
    Piece,
    Spelled,
    TextTemplate,
    a_value,
    conversion,
    encoded,
    has_template,
    split,
)
from engine.model import marks
from engine.model.diagnostics import Diagnostic
from engine.model.graph import RESUME, UNKNOWN, Expression, Secrecy, Tree
from engine.model.ids import StepName

if TYPE_CHECKING:
    from engine.compile.choices import Offered

_JSON_OF = {
    "string": ("string",),
    "int": ("integer", "number"),
    "uint": ("integer", "number"),
    "double": ("number",),
    "bool": ("boolean",),
    "timestamp": ("string",),
}
_CEL_OF = {"string": "string", "integer": "int", "number": "double", "boolean": "bool"}
_ANSWER = {"value": "string", "digits": "string", "text": "string", "confidence": "double"}
_CODES = {
    "name": ("VAR001", "unknown-name"),
    "type": ("VAR003", "type-mismatch"),
    "syntax": ("SYN011", "expression-syntax"),
    "zone": ("CAL003", "unknown-zone"),
    "pattern": ("VAR005", "bad-pattern"),
}


def _may_resume(path: Path) -> bool:
    """`resume` is a target of steps, and of nothing else."""
    return path[0] == "steps" and path[2] != "visits"


class Scope:
    def __init__(
        self,
        *,
        report: Report,
        steps: Map[str, StepNode],
        step_names: Set[str],
        environment: Environment,
        broken: tuple[str, ...],
        wanted: Map[Path, tuple[str, ...]],
        voice: dict[str, Any],
        universal: tuple[tuple[Scalar, Node], ...] = (),
        files: Map[str, bytes],
        handles: Map[str, str] = MappingProxyType({}),
        signals: Map[str, Map[str, str]] = MappingProxyType({}),
        called: Map[str, Called] = MappingProxyType({}),
        swml_check: SwmlCheck | None = None,
        secrecy: Map[str, Secrecy] = MappingProxyType({}),
        ask: Ask = go_on,
    ) -> None:
        self.report = report
        self.steps = steps
        self.step_names = step_names
        self._broken = broken
        self.environment = environment
        self.voice = voice
        self.universal = universal
        self.files = files
        self.handles = handles
        self.signals = signals
        self.called = called
        self.swml_check = swml_check
        self.secrecy = secrecy
        self.ask = ask
        self.elsewhere: list[Diagnostic] = []
        """What is wrong with files beside the flow."""
        self.doubtful: set[StepName] = set()
        """Steps of which a part could not be looked at, because of mistakes elsewhere."""
        self.offers: dict[StepName, tuple[Offered, ...]] = {}
        """What asks offer, where that was looked for (`choices.offered`)."""
        self._wanted = wanted
        self.uses: list[Use] = []
        """The expressions of steps, in the order in which they were compiled."""

    def beside(self, report: Report) -> "Scope":
        """The same names for a file beside the flow, whose mistakes are its own."""
        other = copy(self)
        other.report = report
        other._wanted = {}
        return other

    @cached_property
    def answers(self) -> Environment:
        """The names in a condition on an answer."""
        return self.environment.extended(_ANSWER)

    @cached_property
    def hidden_answers(self) -> Environment:
        """The same where the answer is secret or private."""
        return self.environment.extended(_ANSWER, sensitive=secrecy.ANSWER)

    def tree(self, node: Node, path: Path) -> Tree:
        """The node as a tree of params, with its templates compiled."""
        if isinstance(node, Scalar):
            if isinstance(node.value, str) and has_template(node.value) and takes_templates(path):
                return self.template(node, path)
            return node.value
        if isinstance(node, Mapping):
            kept = drop_owned(None, node, path).entries
            return {key.text: self.tree(value, (*path, key.text)) for key, value in kept}
        return [self.tree(item, (*path, index)) for index, item in enumerate(node.items)]

    def template(self, scalar: Scalar, path: Path) -> TextTemplate | str:
        parts: list[str | Expression] = []
        private: set[int] = set()
        pieces = list(split(scalar.text))
        for piece in pieces:
            part = self._part(scalar, piece, path)
            if part is None:
                continue
            is_data = bool(parts) and isinstance(part, Checked) and is_url(path, pieces[0])
            if isinstance(part, Checked):
                hidden = secrecy.check(self, scalar, part, piece.offset, path, alone=len(pieces) == 1)
                private |= {len(parts)} if hidden else set()
            parts.append(Spelled(part, encoded) if is_data and not isinstance(part, str) else part)
        self._check_type(scalar, parts, path)
        told = (
            Spelled(part, marks.marked) if index in private and not isinstance(part, str) else part
            for index, part in enumerate(parts)
        )
        return TextTemplate(tuple(told), inert=is_swml(path))

    def _part(self, scalar: Scalar, piece: Piece, path: Path) -> str | Expression | None:
        """None when it is reported."""
        if not piece.expression:
            return piece.text
        if not piece.closed:
            problem, advice, at = "`${{` has no `}}`.", "Write `}}` behind the expression.", piece.offset - 3
            self.report.text_error(
                "SYN011", "expression-syntax", scalar, at, 3, problem, help=advice, path=dotted(path)
            )
            return None
        if piece.text.lstrip().startswith("resume("):
            return way_back(self.report, scalar, piece.text, piece.offset, path)
        return self._compile(scalar, piece.text, piece.offset, path)

    def expression(
        self, node: Node | None, path: Path, *, wants: str = "", names: Environment | None = None
    ) -> Expression | None:
        """A bare CEL expression (a condition, a right side). `names`: those it may use, by default the flow's."""
        if not isinstance(node, Scalar) or node.text == "":
            return None
        if has_template(node.text):
            inner = node.text.replace("${{", "").replace("}}", "").strip()
            self._type_error(
                "SYN011", node, path, "This is CEL already: it stands without `${{ }}`.", f"Write: {inner}"
            )
            return None
        compiled = self._compile(node, node.text, 0, path, names)
        if compiled is not None:
            secrecy.check(self, node, compiled, 0, path)
        if compiled is None or not wants or compiled.type in (wants, "dyn"):
            return compiled
        what = f"`{path[-1]}`" if isinstance(path[-1], str) else "This"
        message = f"{what} wants {a_value(wants)}, and this is {a_value(compiled.type)}."
        self._type_error("VAR003", node, path, message, conversion(node.text, compiled.type, wants))
        return None

    def _type_error(self, code: str, node: Node, path: Path, message: str, advice: str) -> None:
        name = "type-mismatch" if code == "VAR003" else "expression-syntax"
        self.report.node_error(code, name, node, message, help=advice, path=dotted(path))

    def _compile(
        self, scalar: Scalar, text: str, offset: int, path: Path, names: Environment | None = None
    ) -> Checked | None:
        found = (names or self.environment).compile(text)
        if not isinstance(found, list):
            self.uses.append(Use(self.report, scalar, offset, path, found))
            return found
        broken = [name for name in self._broken if re.search(rf"\b{re.escape(name)}\b", text)]
        if broken:
            self.doubt(path)
        for mistake in found:
            # What has such a name in it may have another type, or (a name with a dash) be read as something else.
            if not broken or (mistake.kind == "name" and "." in mistake.name and not self.is_broken(mistake.name)):
                self._mistake(scalar, mistake, offset, path)
        return None

    def is_broken(self, name: str) -> bool:
        """Is the name unknown only because its declaration or its step is wrong? That has been said."""
        return any(name == one or name.startswith(f"{one}.") for one in self._broken)

    def doubt(self, path: Path) -> None:
        """What stands at the path cannot be looked at, because of a mistake elsewhere."""
        self.doubtful.add(step_at(path))

    def _mistake(self, scalar: Scalar, mistake: Mistake, offset: int, path: Path) -> None:
        if self.is_broken(mistake.name):
            self.doubt(path)
            return
        code, name = _CODES[mistake.kind]
        self.report.text_error(
            code,
            name,
            scalar,
            offset + mistake.offset,
            mistake.length,
            mistake.message,
            help=mistake.help,
            path=dotted(path),
        )

    def _check_type(self, scalar: Scalar, parts: list[str | Expression], path: Path) -> None:
        """A template that is one expression keeps its type, any other is a text."""
        wanted = self._wanted.get(path)
        if wanted is None or not parts:
            return
        alone = parts[0] if len(parts) == 1 and isinstance(parts[0], Checked) else None
        kind = alone.type if alone else "string"
        if kind == "dyn" or set(_JSON_OF.get(kind, ())) & set(wanted):
            return
        what = f"`{path[-1]}`" if isinstance(path[-1], str) else "This"
        message = f"{what} wants {either([a_type(one) for one in wanted])}, and this is {a_value(kind)}."
        self._type_error("VAR003", scalar, path, message, _as_template(alone, wanted))

    def step_name(self, node: Node | None, path: Path) -> StepName | None:
        """A step as a target, or `resume` where that may stand; a dangling one is reported, and leads nobody knows where."""
        if isinstance(node, Scalar) and node.text == RESUME and _may_resume(path):
            return RESUME
        return self.step(node, path) or (UNKNOWN if isinstance(node, Scalar) else None)

    def step(self, node: Node | None, path: Path, *, among: Iterable[str] = ()) -> StepName | None:
        """A step that there is, else it is reported. `among`: the names of which one may be meant, where not any step's."""
        if not isinstance(node, Scalar):
            return None
        if node.text in self.step_names:
            return StepName(node.text)
        if node.value is None or has_template(node.text) or not self.step_names:  # the schema's to refuse
            return None
        problem, advice = f"There is no step `{short(node.text)}`.", nearest(node.text, among or self.steps)
        if node.text == RESUME:
            problem = "`resume` is no step: it goes back to the step that a handler has interrupted."
            advice = "It stands in the `next` of a handler's steps alone."
        self.report.node_error("FLW001", "dangling-target", node, problem, help=advice, path=dotted(path))
        return None


def _as_template(alone: Checked | None, wanted: tuple[str, ...]) -> str:
    if alone is None:
        return "A `${{ }}` that stands alone keeps its type; with more text around it, it is a text."
    cel = next((_CEL_OF[one] for one in wanted if one in _CEL_OF), "")
    advice = conversion(alone.source, alone.type, cel)
    return re.sub(r"\AWrite (.*)\.\Z", r"Write ${{ \1 }}.", advice) if "comparison" not in advice else advice


def texts(node: Node | None) -> tuple[str, ...]:
    return tuple(item.text for item in node.items if isinstance(item, Scalar)) if isinstance(node, Sequence) else ()


def value_of(node: Node | None, default: Any) -> Any:
    return node.value if isinstance(node, Scalar) else default
