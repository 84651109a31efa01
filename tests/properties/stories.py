"""The flows that are played against the exchange: simple ones as a company has them, and some that have every verb."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from engine.compile import compile_bundle
from engine.model.graph import FlowGraph
from engine.project import flows
from tests.playbooks.machine import compiled
from tests.playbooks.test_flows import INPUTS, USES, shipped
from tests.playbooks.test_laws import EVERY_OPERATION, EVERYTHING

_COMMANDS = Path(__file__).parents[1] / "compile" / "ok" / "every_command.flow.yaml"
_OWN = Path(__file__).parents[1] / "e2e" / "flows"


@cache
def _every_command() -> FlowGraph:
    """Every command of the API, one after the other, whatever becomes of each."""
    text = _COMMANDS.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^    next: (\w+)$", r"    next: {otherwise: \1, rejected: \1, lost: \1, error: \1}", text)
    text = re.sub(r"steps\.(invite|state|question)\.\w+", r"or(\g<0>, '')", text)
    return compiled(text.replace("human: greet, machine: fax", "human: greeting, machine: fax"))


INBOUND = ("pin_entry", "switchboard", "mailbox", "every_command", "everything", "every_operation")
OUTBOUND = ("appointment", "everything", "every_operation")
BINDINGS: Mapping[str, Any] = USES
GIVEN: Mapping[str, dict[str, Any]] = {"appointment": INPUTS}


def story(name: str) -> FlowGraph:
    if name == "every_command":
        return _every_command()
    texts = {"everything": EVERYTHING, "every_operation": EVERY_OPERATION}
    own = _OWN / f"{name}.flow.yaml"
    if own.is_file():
        graph = compile_bundle(flows.read(own).bundle).graph
        assert graph is not None
        return graph
    return compiled(texts[name]) if name in texts else shipped(name)
