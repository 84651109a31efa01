"""What a flow declares around its steps: inputs, uses, variables, limits, the voice, how it dials."""

import re
from collections.abc import Callable
from collections.abc import Mapping as Map
from typing import Any

from engine.compile import durations, reserved, secrecy
from engine.compile.located import Mapping, Node, Scalar, entries
from engine.compile.report import Report, closest
from engine.compile.scope import Scope, StepNode, value_of
from engine.compile.wording import NAME, a_name_from
from engine.expr import a_value, cel_type_of
from engine.model.graph import Declared, Limits, Outbound
from engine.model.limits import DEFAULT_CALL_MS, DEFAULT_STEPS, DEFAULT_VISITS

FieldsOf = Callable[[StepNode], Map[str, str]]
_ENGINE = {
    "call.id": "string",
    "call.from": "string",
    "call.to": "string",
    "call.direction": "string",
    "call.type": "string",
    "call.headers": "headers",
    "run.id": "string",
    "run.flow": "string",
    "run.end_reason": "string",
    "now": "timestamp",
}
_SCALARS = ("string", "int", "double", "bool")
Signals = Map[str, Map[str, str]]
_USES = {"url": "string", "number": "string", "calendar": "string", **{kind: kind for kind in _SCALARS}}


def _meant(name: str) -> tuple[str, ...]:
    """What a name that cannot be one may be called in expressions; of one with a dash CEL reads what is before it."""
    if re.fullmatch(NAME, name):
        return ()
    return tuple(one for one in (name, re.split(r"\W", name)[0], a_name_from(name)) if one)


class Declarations:
    """The header of one flow. Mistakes in it are reported once, when it is read."""

    def __init__(self, report: Report, root: Mapping) -> None:
        self._report = report
        self._root = root
        self.inputs = self._inputs()
        self.uses = self._uses()
        self.vars = self._vars()
        self.signals: Signals = self._signals()

    def names(self, steps: Map[str, StepNode], fields: FieldsOf) -> dict[str, str]:
        """Every dotted name that an expression may use, with its type. `fields` gives those of a step."""
        names = dict(_ENGINE)
        for space, declared in (("inputs", self.inputs), ("uses", self.uses), ("vars", self.vars)):
            names.update({f"{space}.{name}": one.type for name, one in declared.items() if not one.handle})
        names.update({f"signal.{field}": kind for carried in self.signals.values() for field, kind in carried.items()})
        for name, node in steps.items():
            names.update({f"steps.{name}.{field}": kind for field, kind in fields(node).items()})
        return names

    def broken(self) -> tuple[str, ...]:
        """Names that were meant to be declared, but whose declaration is wrong."""
        good = {"inputs": self.inputs, "uses": self.uses, "vars": self.vars}
        named = [
            f"{space}.{key.text}"
            for space in good
            for key, _ in entries(self._root, space)
            if key.text not in good[space]
        ]
        named += [
            f"{space}.{one}" for space in good for key, _ in entries(self._root, space) for one in _meant(key.text)
        ]
        whole = [space for space in good if self._is_lost(space)]
        return (*named, *whole)

    def _is_lost(self, section: str) -> bool:
        key, node = self._root.key(section), self._root.get(section)
        if key is None:
            return section in self._report.lost_names or any(
                one.text.split()[0:1] == [section] for one, _ in self._root.entries
            )
        return self._report.is_closed(key.start) or not isinstance(node, Mapping)

    @property
    def handles(self) -> dict[str, str]:
        """The inputs that are handles, with the verb of their operation."""
        return {name: one.handle for name, one in self.inputs.items() if one.handle}

    @property
    def calendars(self) -> tuple[str, ...]:
        """The names of the calendars in expressions."""
        return tuple(f"uses.{name}" for name, one in self.uses.items() if one.calendar and name.isidentifier())

    @property
    def language(self) -> str:
        """The language that the functions of expressions speak."""
        return str(self.voice().get("language") or "en-US")

    def voice(self) -> dict[str, Any]:
        return {
            key.text: node.value for key, node in entries(self._root, "defaults", "voice") if isinstance(node, Scalar)
        }

    def universal(self) -> tuple[tuple[Scalar, Node], ...]:
        """The choices that every ask with choices offers."""
        return entries(self._root, "defaults", "choices")

    def outbound(self) -> Outbound | None:
        node = self._root.get("outbound")
        if not isinstance(node, Mapping):
            return None
        return Outbound(
            from_=value_of(node.get("from"), ""),
            timeout_s=value_of(node.get("timeout"), 60),
            max_price_per_minute=value_of(node.get("max_price_per_minute"), None),
            hours=self._hours(node.get("hours")),
        )

    def _hours(self, node: Node | None) -> str:
        """The use that is named; one that is no calendar is reported."""
        if not isinstance(node, Scalar) or node.value is None:
            return ""
        use = self.uses.get(node.text)
        if use is None and f"uses.{node.text}" not in self.broken() and "uses" not in self.broken():
            near = closest(node.text, self.uses)
            self._report.node_error(
                "VAR001",
                "unknown-name",
                node,
                f"`{node.text}` is not declared under `uses`.",
                help=f"Did you mean `{near}`?" if near else f"Add it there: `{node.text}: calendar`.",
                path="outbound.hours",
            )
        elif use is not None and not use.calendar:
            self._report.node_error(
                "VAR003",
                "type-mismatch",
                node,
                f"`hours` wants a calendar, and `{node.text}` is {a_value(use.type)}.",
                help=f"Declare it under `uses` as `{node.text}: calendar`, or name another one.",
                path="outbound.hours",
            )
        return node.text

    def limits(self, scope: Scope) -> Limits:
        node = self._root.get("limits")
        limits = node if isinstance(node, Mapping) else Mapping(entries=(), start=0, end=0)
        target = limits.get("next")
        return Limits(
            call_ms=durations.of(limits.get("call")) or DEFAULT_CALL_MS,
            steps=value_of(limits.get("steps"), DEFAULT_STEPS),
            visits=value_of(limits.get("visits"), DEFAULT_VISITS),
            next=scope.step_name(target, ("limits", "next")) if target is not None else None,
        )

    def _inputs(self) -> dict[str, Declared]:
        return {
            key.text: self._declared(node, ("inputs", key.text, "default"))
            for key, node in entries(self._root, "inputs")
            if isinstance(node, Mapping) and secrecy.check_words(self._report, node, ("inputs", key.text))
        }

    def _signals(self) -> dict[str, dict[str, str]]:
        """A field of two signals has one type, since `signal.<field>` is either's."""
        found: dict[str, dict[str, str]] = {}
        types: dict[str, str] = {}
        for key, node in entries(self._root, "signals"):
            carried = found.setdefault(key.text, {})
            for field, kind in entries(node):
                reserved.check(self._report, field, reserved.FIELDS, "field", f"signals.{key.text}.{field.text}")
                carried[field.text] = value_of(kind, "string")
                if carried[field.text] not in _SCALARS:
                    carried[field.text] = "dyn"  # which the schema refuses
                elif types.setdefault(field.text, carried[field.text]) != carried[field.text]:
                    self._report.node_error(
                        "VAR003",
                        "type-mismatch",
                        kind,
                        f"`{field.text}` is {a_value(types[field.text])} in another signal.",
                        help="Give it that type here too, or another name.",
                        path=f"signals.{key.text}.{field.text}",
                    )
        return found

    def _uses(self) -> dict[str, Declared]:
        return {
            key.text: Declared(
                type=_USES[node.text],
                required=True,
                calendar=node.text == "calendar",
                number=node.text == "number",
                url=node.text == "url",
            )
            for key, node in entries(self._root, "uses")
            if isinstance(node, Scalar) and node.text in _USES
        }

    def _vars(self) -> dict[str, Declared]:
        found: dict[str, Declared] = {}
        for key, node in entries(self._root, "vars"):
            if isinstance(node, Mapping):
                found[key.text] = self._declared(node, ("vars", key.text, "initial"))
            elif isinstance(node, Scalar) and node.value is not None:
                found[key.text] = Declared(type=cel_type_of(node.value), default=node.value)
        return found

    def _declared(self, node: Mapping, path: tuple[str, str, str]) -> Declared:
        given, kind = node.get(path[2]), value_of(node.get("type"), "string")
        if kind == "handle":
            return self._handle(node, path)
        if kind not in _SCALARS:
            return Declared(type="dyn", required=given is None)
        if (of := node.key("of")) is not None:
            problem, advice = "`of` is for inputs of type handle.", "Remove it, or write `type: handle`."
            self._report.node_error("SYN013", "misplaced-key", of, problem, help=advice, path=".".join(path[:2]))
        default = value_of(given, None)
        if kind == "double" and cel_type_of(default) == "int":
            default = float(default)
        if isinstance(given, Scalar) and cel_type_of(default) != kind:
            self._report.node_error(
                "VAR003",
                "type-mismatch",
                given,
                f"`{path[1]}` is declared as {kind}, and `{path[2]}` is {a_value(cel_type_of(default))}.",
                help="Change one of the two.",
                path=".".join(path),
            )
        return Declared(type=kind, default=default, required=given is None, secrecy=secrecy.declared(node))

    def _handle(self, node: Mapping, path: tuple[str, str, str]) -> Declared:
        of, default = node.get("of"), node.key("default")
        if of is None or default is not None:
            problem = "has no default" if default is not None else "has to say of which verb it is"
            self._report.node_error(
                "SYN013",
                "misplaced-key",
                default or node,
                f"An input that is a handle {problem}.",
                help=f"Write {path[1]}: {{type: handle, of: {value_of(of, 'collect')}}}.",
                path=".".join(path[:2]),
            )
        return Declared(type="string", required=True, handle=value_of(of, "collect"))
