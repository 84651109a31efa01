"""From a step's nodes to its compiled value: verbs of a shared shape share a builder."""

from collections.abc import Callable

from engine.compile.scope import Scope, StepNode
from engine.compile.steps.api import operation, order
from engine.compile.steps.ask import ask
from engine.compile.steps.control import assign, branch, wait
from engine.compile.steps.excursion import connect, excursion
from engine.compile.steps.fetch import fetch
from engine.compile.steps.leave import end, redirect, transfer
from engine.compile.steps.subflow import returns, subflow
from engine.model.graph import Value
from engine.model.verbs import VERBS

Builder = Callable[[Scope, StepNode], Value | None]

_BY_SHAPE: dict[str, Builder] = {"operation": operation, "order": order}
_BY_VERB: dict[str, Builder] = {
    "ask": ask,
    "branch": branch,
    "set": assign,
    "wait": wait,
    "fetch": fetch,
    "subflow": subflow,
    "return": returns,
    "excursion": excursion,
    "connect": connect,
    "redirect": redirect,
    "transfer": transfer,
    "end": end,
}
BUILDERS: dict[str, Builder] = {verb.name: _BY_VERB.get(verb.name) or _BY_SHAPE[verb.shape] for verb in VERBS}
