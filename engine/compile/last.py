"""The steps of `finally`, which have no names of their own and no `next`."""

from engine.compile.located import Mapping, Scalar, Sequence
from engine.compile.report import Report
from engine.compile.scope import StepNode
from engine.model.ids import StepName
from engine.model.verbs import VERB

_VERBS = ("fetch", "set")


def last_steps(report: Report, root: Mapping) -> list[StepNode]:
    """Those that have one verb which needs no call; what is wrong with the others is reported."""
    section = root.get("finally")
    found: list[StepNode] = []
    for index, node in enumerate(section.items if isinstance(section, Sequence) else ()):
        if not isinstance(node, Mapping) or not node.entries:
            continue  # which the schema refuses
        _no_next(report, node)
        verbs = [(key, value) for key, value in node.entries if key.text in VERB]
        if len(verbs) == 1 and verbs[0][0].text in _VERBS:
            key, value = verbs[0]
            name = StepName(f"finally.{index + 1}")
            found.append(StepNode(name, key, node, VERB[key.text], value, ("finally", index)))
        else:
            _refuse(report, node, [key for key, _ in verbs])
    return found


def _no_next(report: Report, node: Mapping) -> None:
    key = node.key("next")
    if key is not None:
        problem = "`next` has no meaning in `finally`: its entries come one after the other."
        report.node_error("SYN013", "misplaced-key", key, problem, help="Remove it.", path="finally")


def _refuse(report: Report, node: Mapping, verbs: list[Scalar]) -> None:
    other = next((key for key in verbs if key.text not in _VERBS), None)
    if other is not None:
        problem = f"`{other.text}` cannot stand in `finally`: the call may be gone by then."
        advice = "Only `fetch` and `set` can."
        report.node_error("SYN013", "misplaced-key", other, problem, help=advice, path="finally")
    elif verbs:
        problem, advice = "One entry of `finally` has one verb.", "Make it two entries."
        report.node_error("SYN012", "two-verbs", verbs[1], problem, help=advice, path="finally")
    elif all(key.text == "note" for key, _ in node.entries):
        problem, advice = "This entry of `finally` has no verb.", "Give it a `fetch` or a `set`."
        report.node_error("SYN003", "unknown-key", node, problem, help=advice, path="finally")
