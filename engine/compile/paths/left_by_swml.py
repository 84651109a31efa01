"""What a SWML document begins that goes on listening when the call has come back from it."""

from collections.abc import Iterator

from engine.model.graph import ExcursionValue, Step, Tree

RECORDS = "record_call"
_LISTENS = (RECORDS, "tap", "stream", "transcribe", "live_transcribe", "live_translate", "ai_sidecar")
"""Not `ai` and `connect`: they are over before the document goes on."""


def left(step: Step) -> frozenset[str]:
    """The methods that still listen, wherever in the document they stand. What stands behind a URL nobody knows."""
    methods = list(_methods(_document(step)))
    begun = {name for name, params in methods if name in _LISTENS and not _is_stop(params)}
    return frozenset(begun - _stopped(methods))


def methods(step: Step) -> Iterator[tuple[str, Tree]]:
    """All of its document, with their params, wherever they stand."""
    return _methods(_document(step))


def stopped(step: Step) -> frozenset[str]:
    """The methods that the document stops, its own or another one's."""
    return _stopped(list(_methods(_document(step))))


def advice(methods: frozenset[str]) -> str:
    """How a document stops them."""
    names = (_stop(name) for name in sorted(methods))
    return f"Stop it in the document, before the call comes back, with {' and '.join(names)}."


def _stop(name: str) -> str:
    return f"`{name}: {{action: stop}}`" if name.startswith("live_") else f"`stop_{name}`"


def _document(step: Step) -> Tree:
    value = step.value
    return value.params if isinstance(value, ExcursionValue) and not value.connect else None


def _stopped(methods: list[tuple[str, Tree]]) -> frozenset[str]:
    stops = {name.removeprefix("stop_") for name, _ in methods if name.startswith("stop_")}
    return frozenset(stops | {name for name, params in methods if _is_stop(params)})


def _is_stop(params: Tree) -> bool:
    return isinstance(params, dict) and params.get("action") == "stop"


def _methods(tree: Tree) -> Iterator[tuple[str, Tree]]:
    """A method is an item of a list: its name, or a mapping of its name to its params."""
    if isinstance(tree, dict):
        for value in tree.values():
            yield from _methods(value)
    if isinstance(tree, list):
        for item in tree:
            if isinstance(item, str):
                yield item, None
            elif isinstance(item, dict):
                yield from item.items()
            yield from _methods(item)
