"""The short forms of what is played: a text, `{audio: url}`, `{silence: s}`, `{ringtone: us, duration: s}`."""

from typing import Any

from engine.compile.located import Mapping, Node, Path, Sequence
from engine.compile.scope import Scope
from engine.compile.steps import cut_off
from engine.model.graph import Tree


def played(scope: Scope, node: Node, path: Path) -> dict[str, Tree]:
    """The params of a `play`: what is played, and how."""
    inner = node.get("play") if isinstance(node, Mapping) else None
    if inner is None:
        return with_voice(scope.voice, {"play": items(scope, node, path)})
    params = scope.tree(node, path)
    return with_voice(scope.voice, {**params, "play": items(scope, inner, (*path, "play"))})


def items(scope: Scope, node: Node, path: Path) -> list[Tree]:
    """The API's items for a text, one item or a list of them."""
    if isinstance(node, Sequence):
        return [_located(scope, item, (*path, index)) for index, item in enumerate(node.items)]
    return [_located(scope, node, path)]


def _located(scope: Scope, node: Node, path: Path) -> dict[str, Any]:
    cut_off.look(scope, node, path)
    return _item(scope.tree(node, path))


def _item(tree: Tree) -> dict[str, Any]:
    if not isinstance(tree, dict):
        return {"type": "tts", "params": {"text": tree}}
    if "audio" in tree:
        return {"type": "audio", "params": {"url": tree["audio"]}}
    if "silence" in tree:
        return {"type": "silence", "params": {"duration": tree["silence"]}}
    if "ringtone" in tree:
        duration = {"duration": tree["duration"]} if "duration" in tree else {}
        return {"type": "ringtone", "params": {"name": tree["ringtone"], **duration}}
    return tree


def with_voice(voice: dict[str, Any], params: dict[str, Any]) -> dict[str, Any]:
    """The flow's `defaults.voice` under the step's own params."""
    return {**voice, **params}
