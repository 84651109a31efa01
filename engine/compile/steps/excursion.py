"""excursion and connect: the SWML that the call runs meanwhile, and its ways back."""

from typing import Any

from engine.compile import durations, reserved, returns, swml
from engine.compile.located import Mapping, Node, Scalar, Sequence, dotted, entries
from engine.compile.outcomes import declared_outcomes
from engine.compile.report import nearest
from engine.compile.scope import Scope, StepNode, value_of
from engine.compile.ways_back import WayBack
from engine.expr import TextTemplate
from engine.model.graph import ExcursionValue, Tree

_RING_S, _TALK_S = 60, 14_400
"""SWML's own defaults of `timeout` and `max_duration`."""


def excursion(scope: Scope, step: StepNode) -> ExcursionValue | None:
    value = step.value
    if not isinstance(value, Mapping):
        return None
    outcomes = declared_outcomes(step)
    _check_names(scope, step, value)
    given = {key.text: scope.tree(node, (*step.path, "with", key.text)) for key, node in entries(value, "with")}
    document = _document(scope, step, value, outcomes, given)
    if document is None:
        return None
    if not scope.report.misreads(value):
        _check_ways(scope, step, document, outcomes)
    if not _ways(document):
        document = _with_way_back(document, outcomes[0])
    return ExcursionValue(
        params={"swml": document},
        returns=returns.brought(value),
        deadline_ms=durations.of(value.get("deadline")),
    )


def _check_names(scope: Scope, step: StepNode, value: Mapping) -> None:
    declared = value.get("outcomes")
    for item in declared.items if isinstance(declared, Sequence) else ():
        if isinstance(item, Scalar):
            reserved.check(scope.report, item, reserved.OUTCOMES, "outcome", dotted((*step.path, "outcomes")))
    for key, _ in entries(value, "returns"):
        reserved.check(scope.report, key, reserved.FIELDS, "field", dotted((*step.path, "returns", key.text)))


def _document(
    scope: Scope, step: StepNode, value: Mapping, outcomes: tuple[str, ...], given: dict[str, Tree]
) -> dict[str, Tree] | None:
    """What `with` gives becomes variables of the document; a URL is asked with it, and with the ways back."""
    if (url := value.get("url")) is not None:
        ways = {name: TextTemplate((WayBack(name),)) for name in outcomes}
        params = {**given, "resume": ways}
        return swml.document({"transfer": {"dest": scope.tree(url, (*step.path, "url")), "params": params}})
    found = swml.of(scope, step, value)
    if found is None or not given:
        return found
    sections: dict[str, Any] = found["sections"]
    return {**found, "sections": {**sections, "main": [{"set": given}, *sections["main"]]}}


def _ways(tree: Tree) -> set[str]:
    """The outcomes that the document comes back with."""
    if isinstance(tree, dict):
        return set().union(*(_ways(value) for value in tree.values()))
    if isinstance(tree, list):
        return set().union(*(_ways(value) for value in tree))
    if isinstance(tree, TextTemplate):
        return {part.outcome for part in tree.expressions if isinstance(part, WayBack)}
    return set()


def _check_ways(scope: Scope, step: StepNode, document: Tree, outcomes: tuple[str, ...]) -> None:
    found = _ways(document) or {outcomes[0]}
    for name in sorted(found - set(outcomes)):
        problem = f"The document comes back with `{name}`, which is no outcome of `{step.name}`."
        advice = nearest(name, outcomes) if len(outcomes) > 1 else f"Write `outcomes: [{name}]`."
        scope.report.node_error("FLW013", "unknown-outcome", step.value, problem, help=advice, path=dotted(step.path))
    declared = step.value.get("outcomes") if isinstance(step.value, Mapping) else None
    for item in declared.items if isinstance(declared, Sequence) else ():
        if isinstance(item, Scalar) and item.text not in found:
            problem = f"Nothing in the document comes back with `{item.text}`."
            advice = (
                f"Write `transfer: {{dest: \"${{{{ resume('{item.text}') }}}}\"}}` there, or leave the outcome out."
            )
            scope.report.node_error("FLW013", "unknown-outcome", item, problem, help=advice, path=dotted(step.path))


def _with_way_back(document: dict[str, Tree], outcome: str) -> dict[str, Tree]:
    sections: dict[str, Any] = document["sections"]
    main = [*sections["main"], _back(outcome)]
    return {**document, "sections": {**sections, "main": main}}


def _back(outcome: str) -> dict[str, Tree]:
    return {"transfer": {"dest": TextTemplate((WayBack(outcome),))}}


def connect(scope: Scope, step: StepNode) -> ExcursionValue | None:
    """A document of one method: who is rung, and back. How it went is in SWML's variables."""
    if not isinstance(step.value, Mapping):
        return None
    params = scope.tree(step.value, step.path)
    return ExcursionValue(
        params={"swml": swml.document({"connect": params}, _back("returned"))},
        deadline_ms=(_ringing_s(step.value) + _whole(step.value.get("max_duration"), _TALK_S)) * 1000,
        connect=True,
    )


def _ringing_s(value: Mapping) -> int:
    """One after the other, or all at once."""
    each = _whole(value.get("timeout"), _RING_S)
    serial, parallel = _legs(value.get("serial"), each), _legs(value.get("parallel"), each)
    return max(each, sum(serial), *parallel)


def _legs(node: Node | None, each: int) -> list[int]:
    legs = node.items if isinstance(node, Sequence) else ()
    return [_whole(leg.get("timeout"), each) for leg in legs if isinstance(leg, Mapping)]


def _whole(node: Node | None, default: int) -> int:
    found = value_of(node, default)
    return found if isinstance(found, int) else default
