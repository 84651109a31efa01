"""Which outcomes a step can have, and where each of them goes: none may be left without a way on."""

import re
from collections.abc import Iterator
from collections.abc import Mapping as Map

from msgspec import Struct

from engine.compile import returns
from engine.compile.called import Called
from engine.compile.choices import offered
from engine.compile.located import Mapping, Node, Scalar, dotted
from engine.compile.report import closest, nearest
from engine.compile.scope import Scope, StepNode, texts
from engine.compile.wording import both, short
from engine.model.graph import Next
from engine.model.ids import StepName
from engine.model.verbs import FAILURES, VERB


def ordinary(scope: Scope, step: StepNode) -> tuple[str, ...]:
    """The outcomes that a plain `next: step` covers."""
    if step.background:
        return ("accepted",)
    outcomes = _ordinary(scope, step)
    if step.verb.shape == "operation" and not step.verb.ending and step.node.get("until") is not None:
        return tuple(dict.fromkeys((*outcomes, "interrupted")))
    return outcomes


def _ordinary(scope: Scope, step: StepNode) -> tuple[str, ...]:
    if choices := offered(scope, step):
        return (*(one.name for one in choices), "no_input", "no_match")
    if step.verb.name == "wait":
        return _of_wait(scope, step)
    if step.verb.name in ("ask", "collect"):
        return _of_entry(step)
    if step.verb.name == "detect":
        return of_detect(step)
    if step.verb.name == "subflow":
        return tuple(called.outcomes) if (called := scope.called.get(_called(step))) else ()
    if step.verb.name == "excursion":
        return declared_outcomes(step)
    return tuple(outcome for outcome in step.verb.outcomes if outcome != "interrupted")


def _of_entry(step: StepNode) -> tuple[str, ...]:
    """Where only keys are taken nothing is heard, and the other way round."""
    taken = [kind for kind in _ENTERED if isinstance(step.value, Mapping) and step.value.get(kind) is not None]
    return tuple(one for one in step.verb.outcomes if one in taken or one not in _ENTERED or not taken)


_ENTERED = ("digits", "speech")
"""Keys of an `ask` and a `collect`, and the outcomes that they make possible."""


def of_detect(step: StepNode) -> tuple[str, ...]:
    """What is detected decides what can be found; a machine is ready only when its greeting is waited for."""
    value = step.value if isinstance(step.value, Mapping) else None
    kind, awaited = (value.get("type"), value.get("detect_message_end")) if value else (None, None)
    found = DETECTED.get(kind.text if isinstance(kind, Scalar) else "")
    if found is None:
        return step.verb.outcomes
    if isinstance(awaited, Scalar) and awaited.value is False:
        found = tuple(one for one in found if one != "machine_ready")
    return (*found, "timeout")


DETECTED = {"machine": ("human", "machine", "machine_ready", "unknown"), "fax": ("fax",), "digit": ("digit",)}
"""By what is looked for: what can be found."""


def _of_wait(scope: Scope, step: StepNode) -> tuple[str, ...]:
    value = step.value
    timeout: tuple[str, ...] = ()
    if isinstance(value, Mapping):
        timeout = ("timeout",) if value.get("timeout") is not None else ()
        value = value.get("handle") or value
    name = value.text if isinstance(value, Scalar) else ""
    if name in scope.handles:
        return (*VERB[scope.handles[name]].outcomes, *timeout)
    awaited = scope.steps.get(name)
    if awaited is None or awaited.verb.name == "wait":  # no handle: that is said elsewhere
        return ("done", *timeout)
    # Nothing interrupts what is in the background: `interrupted` is no outcome of a wait.
    return (*_ordinary(scope, awaited), *timeout)


def _called(step: StepNode) -> str:
    flow = step.value.get("flow") if isinstance(step.value, Mapping) else None
    return flow.text if isinstance(flow, Scalar) else ""


def declared_outcomes(step: StepNode) -> tuple[str, ...]:
    """Of an excursion: those that it declares, else `returned`."""
    declared = step.value.get("outcomes") if isinstance(step.value, Mapping) else None
    return texts(declared) or step.verb.outcomes


def failures(step: StepNode) -> tuple[str, ...]:
    if step.verb.name in ("branch", "set", "fetch", "return"):
        return ("error", "expression")
    if step.verb.name == "wait":
        return FAILURES
    return (*FAILURES, "expression") if step.verb.failures or step.verb.command else ()


def next_of(scope: Scope, step: StepNode, outcomes: tuple[str, ...]) -> Next:
    """The step's `next`, checked: targets exist, outcomes are the verb's, none of the ordinary `outcomes` is forgotten."""
    node = step.node.get("next")
    named = _from_choices(scope, step)
    if isinstance(node, Scalar):
        return Next(named, scope.step_name(node, ("steps", step.name, "next")))
    otherwise: StepName | None = None
    has_otherwise, is_known = False, not _is_misread(scope, step)
    if isinstance(node, Mapping):
        possible = (*outcomes, *failures(step))
        known = (*possible, *_entered_otherwise(scope, step, possible))
        for key, target in node.entries:
            goes = scope.step_name(target, ("steps", step.name, "next", key.text))
            if key.text == "otherwise":
                otherwise, has_otherwise = goes, True
            elif key.text == REST_OF_FAILURES and (unnamed := _unnamed_failures(step, node)):
                named |= dict.fromkeys(unnamed, goes or StepName(""))
            elif is_known and key.text not in known and not _is_status(step, key.text):
                meant = _unknown(scope, step, key, possible)
                if meant not in named:
                    named[meant] = goes or StepName("")
            else:
                named[key.text] = goes or StepName("")
    if not has_otherwise:
        _check_complete(scope, step, outcomes, named)
    return Next({outcome: goes for outcome, goes in named.items() if goes}, otherwise)


def _entered_otherwise(scope: Scope, step: StepNode, possible: tuple[str, ...]) -> tuple[str, ...]:
    """`speech` where only keys are taken may be named all the same: the way is there when that changes."""
    entered = any(one in possible for one in _ENTERED) and not offered(scope, step)
    return _ENTERED if entered else ()


REST_OF_FAILURES = "failures"
"""As a key of `next`: the failures that it does not name."""


def _unnamed_failures(step: StepNode, node: Mapping) -> list[str]:
    return [one for one in failures(step) if one in FAILURES and node.key(one) is None]


def _is_status(step: StepNode, outcome: str) -> bool:
    """One status of a fetch, which comes before its `http_4xx` and `http_5xx`."""
    return step.verb.name == "fetch" and _STATUS.fullmatch(outcome) is not None


_STATUS = re.compile("http_[45][0-9]{2}")
_LIKENESS = 0.7
"""An author's own names stand among the platform's, and are mostly like none of them."""


def _from_choices(scope: Scope, step: StepNode) -> dict[str, StepName]:
    named: dict[str, StepName] = {}
    for one in offered(scope, step):
        target = one.node.get("next") if isinstance(one.node, Mapping) else None
        if target is not None:
            named[one.name] = scope.step_name(target, (*step.path, "choices", one.name, "next")) or StepName("")
    return named


def _unknown(scope: Scope, step: StepNode, key: Scalar, possible: tuple[str, ...]) -> str:
    """Reports an outcome that the step does not have; gives the one that was probably meant."""
    scope.report.node_error(
        "FLW013",
        "unknown-outcome",
        key,
        f"The step `{step.name}` never ends with `{short(key.text)}`.",
        help=_advice(step, key.text, (*possible, "otherwise", REST_OF_FAILURES)),
        path=dotted(("steps", step.name, "next")),
    )
    return closest(key.text, possible, likeness=_LIKENESS)


def _advice(step: StepNode, written: str, known: tuple[str, ...]) -> str:
    following, near = step.node.get("next"), closest(written, known, likeness=_LIKENESS)
    if near and isinstance(following, Mapping) and following.get(near) is not None:
        return f"`{near}` is there already."
    return nearest(written, known, likeness=_LIKENESS)


def _check_complete(scope: Scope, step: StepNode, outcomes: tuple[str, ...], named: dict[str, StepName]) -> None:
    node, missing = step.node.get("next"), [one for one in outcomes if one not in named]
    if (
        (step.verb.ending and not step.verb.outcomes)
        or step.verb.name == "branch"
        or not isinstance(node, Mapping | None)
    ):
        return
    if not missing or _is_misread(scope, step) or (node is not None and scope.report.misreads(node)):
        return
    if node is None and _has_unknown_key(step):
        return  # which may have been meant as `next`
    if node is None and "next" in scope.step_names:
        scope.doubt(("steps", step.name))  # it is not indented
        return
    if node is None and not named:
        scope.report.node_error(
            "FLW003",
            "dead-end",
            step.key,
            f"The step `{step.name}` does not say what comes next.",
            help=_way_on(step, missing),
            path=dotted(("steps", step.name)),
        )
        return
    listed = both([f"`{outcome}`" for outcome in missing])
    scope.report.node_error(
        "FLW007",
        "outcome-not-handled",
        step.node.key("next") or step.key,
        f"{listed} of `{step.name}` {'leads' if len(missing) == 1 else 'lead'} nowhere.",
        help=f"Write `{missing[0]}: step`{' and so on' if len(missing) > 1 else ''}, or `otherwise: step`.",
        path=dotted(("steps", step.name, "next")),
    )


def is_broken_call(step: StepNode, called: Map[str, Called]) -> bool:
    """What a flow returns is not known while it has mistakes."""
    one = called.get(_called(step)) if step.verb.name == "subflow" else None
    return step.verb.name == "subflow" and (one is None or one.graph is None)


def _is_misread(scope: Scope, step: StepNode) -> bool:
    """Does nobody know which outcomes it has? A `wait` has those of what it waits for."""
    if is_broken_call(step, scope.called):
        return True
    handle = step.value.get("handle") if isinstance(step.value, Mapping) else step.value
    if step.verb.name == "wait" and isinstance(handle, Scalar) and handle.text in scope.step_names:
        awaited = scope.steps.get(handle.text)
        if awaited is None or scope.report.misreads(awaited.value):
            return True
    if step.verb.name in _DECIDED_BY:
        return any(scope.report.misreads(one) for one in _deciding(step))
    return False


_DECIDED_BY = {
    "ask": ("choices",), "collect": (), "detect": ("type",), "wait": ("timeout",), "excursion": ("outcomes",), "subflow": (),
}  # fmt: skip
"""Verbs whose outcomes follow from what is written in their value, and in which part of it."""


def _deciding(step: StepNode) -> Iterator[Node]:
    """That part, and all keys, since each may be one that is misspelt."""
    if not isinstance(step.value, Mapping):
        yield step.value
        yield next(key for key, _ in step.node.entries if key.text == step.verb.name)
        return
    yield from (key for key, _ in step.value.entries)
    yield from (node for name in _DECIDED_BY[step.verb.name] if (node := step.value.get(name)) is not None)


def _way_on(step: StepNode, missing: list[str]) -> str:
    if step.verb.ending:
        return f"It ends the run unless it fails. Add `next: {{{missing[0]}: step}}`."
    return "Add `next: step`; a step that ends the call is an `end` or a `redirect`."


def _has_unknown_key(step: StepNode) -> bool:
    known = (step.verb.name, "next", "background", "until", "deadline", "visits", "note", "tags")
    return any(key.text not in known for key, _ in step.node.entries)


class Known(Struct, frozen=True, kw_only=True):
    """What the fields of steps depend on: other steps, handles that were given, signals, flows that are called."""

    steps: Map[str, StepNode]
    handles: Map[str, str]
    signals: Map[str, Map[str, str]]
    called: Map[str, Called]


def fields_of(step: StepNode, known: Known) -> dict[str, str]:
    """The typed fields of `steps.<step>` in expressions."""
    fields = {"outcome": "string", "code": "string", "message": "string", **step.verb.fields}
    match step.verb.name:
        case "wait":
            fields.update(_of_awaited(step.value, known))
        case "fetch":
            fields.update(returns.fields(step.value))
        case "subflow":
            called = known.called.get(_called(step))
            fields.update(called.fields if called is not None else {})
        case "excursion":
            fields.update(returns.of_excursion(step.value))
    return fields


def _of_awaited(value: Node, known: Known) -> Map[str, str]:
    if isinstance(value, Mapping) and (signal := value.get("signal")) is not None:
        return known.signals.get(signal.text, {}) if isinstance(signal, Scalar) else {}
    handle = value.get("handle") if isinstance(value, Mapping) else value
    name = handle.text if isinstance(handle, Scalar) else ""
    if name in known.handles:
        return VERB[known.handles[name]].fields
    awaited = known.steps.get(name)
    return awaited.verb.fields if awaited is not None and awaited.verb.life is not None else {}
