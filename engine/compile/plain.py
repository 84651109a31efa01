"""Located nodes to plain values, for the schema: templates are marked, the engine's own params dropped."""

from typing import Any

from engine.compile.json_types import TemplateText
from engine.compile.located import Mapping, Node, Path, Scalar, dotted
from engine.compile.report import Report
from engine.expr import has_template
from engine.model.verbs import OWNED_KEYS, VERB

_ASK = ("prompt", "reprompt", "initial_timeout", "digits", "speech", "language", "voice", "gender", "volume")
_TEMPLATED: dict[str, tuple[str, ...]] = {
    "ask": _ASK,
    "fetch": ("url", "headers", "json", "body", "filler"),
    "subflow": ("with",),
    "return": ("with",),
    "excursion": ("swml", "url", "with"),
    "end": (),
}
"""The keys of a verb's value in which `${{ }}` may stand; of a command of the API all of them."""


_REPORTING = {"dial": ("status_events",), "stream": ("status_url_method",)}
"""How the platform is to use the `status_url`, which is the engine's."""


def takes_templates(path: Path) -> bool:
    """May `${{ }}` stand at this place? In what is sent or handed over, and nowhere else."""
    if len(path) < 3 or path[0] not in ("steps", "finally"):
        return False
    verb = VERB.get(str(path[2]))
    if verb is None:
        return False
    if verb.name in _TEMPLATED:
        return len(path) > 3 and path[3] in _TEMPLATED[verb.name]
    return bool(verb.command)


def plain(report: Report, node: Node, path: Path = ()) -> Any:
    if isinstance(node, Scalar):
        if isinstance(node.value, str) and has_template(node.value) and takes_templates(path):
            return TemplateText(node.value)
        return node.value
    if isinstance(node, Mapping):
        kept = drop_owned(report, node, path).entries
        return {key.text: plain(report, value, (*path, key.text)) for key, value in kept}
    return [plain(report, item, (*path, index)) for index, item in enumerate(node.items)]


def drop_owned(report: Report | None, node: Mapping, path: Path) -> Mapping:
    """A params object pasted from the API's reference works as it stands: `id`, `control_id`,
    `status_url` and what goes with that are the engine's. (`update` may name another leg by `id`.)"""
    verb = VERB.get(str(path[2])) if len(path) == 3 and path[0] == "steps" else None
    if verb is None or not verb.command or verb.shape == "own" or verb.name in ("redirect", "end"):
        return node
    theirs = {"update": ("id",)}.get(verb.name, ("control_id",) if verb.literal else ())
    owned = [key for key in (*OWNED_KEYS, *_REPORTING.get(verb.name, ())) if key not in theirs]
    entries = []
    for key, value in node.entries:
        if key.text not in owned:
            entries.append((key, value))
        elif report is not None:
            report.node_error(
                "SYN006",
                "owned-key",
                key,
                f"`{key.text}` is the engine's to set; it is left out.",
                help="Remove the line.",
                severity="warning",
                path=dotted(path),
            )
    return Mapping(entries=tuple(entries), start=node.start, end=node.end)
