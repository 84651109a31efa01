"""A flow's name, its steps and its handlers, as they are written."""

import re
from collections.abc import Collection

from engine.compile import reserved, unread
from engine.compile.located import Mapping, Scalar, entries
from engine.compile.report import Report, closest, nearest
from engine.compile.scope import Scope, StepNode
from engine.compile.wording import NAME
from engine.model.bundle import FLOW_SUFFIX
from engine.model.ids import StepName
from engine.model.verbs import VERB

_SIGNAL = "signal."


def check_name(report: Report, root: Mapping, flow: str) -> None:
    """`flow` is what the file is called."""
    name = root.get("flow")
    if isinstance(name, Scalar) and name.value is not None and name.text != flow:
        problem = f"The flow is called `{name.text}` in here, but its file says `{flow}`."
        other = f"Write `flow: {flow}`, or rename" if re.fullmatch(NAME, flow) else "Rename"
        advice = f"{other} the file to {name.text}{FLOW_SUFFIX}."
        report.node_error("SYN008", "bad-name", name, problem, help=advice, path="flow")


def steps_of(report: Report, root: Mapping, handles: Collection[str]) -> dict[str, StepNode]:
    """The steps that have exactly one verb; the others are reported. An input that is a handle (`handles`) stands where a
    step's name could."""
    found: dict[str, StepNode] = {}
    for key, node in entries(root, "steps"):
        reserved.check(report, key, (*reserved.STEPS, *handles), "step", f"steps.{key.text}")
        if not isinstance(node, Mapping):
            continue
        verbs = [(name, value) for name, value in node.entries if name.text in VERB]
        if len(verbs) == 1:
            name, value = verbs[0]
            found[key.text] = StepNode(StepName(key.text), key, node, VERB[name.text], value)
        else:
            unread.report_step(report, key, node, [name for name, _ in verbs])
    return found


def handlers_of(scope: Scope, root: Mapping) -> dict[str, StepName]:
    """By event, `hangup` or `signal.late`; a signal that is not declared is reported."""
    found: dict[str, StepName] = {}
    for key, node in entries(root, "handlers"):
        signal = key.text.removeprefix(_SIGNAL)
        if key.text.startswith(_SIGNAL) and signal not in scope.signals:
            near = closest(signal, scope.signals)
            known = nearest(signal, scope.signals) or "Declare it under `signals`."
            advice = f"Did you mean `{_SIGNAL}{near}`?" if near else known
            problem, at = f"There is no signal `{signal}`.", f"handlers.{key.text}"
            scope.report.node_error("VAR001", "unknown-name", key, problem, help=advice, path=at)
        step = scope.step_name(node, ("handlers", key.text))
        found |= {key.text: step} if step is not None else {}
    return found
