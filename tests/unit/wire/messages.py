"""Webhooks of both shapes, as bytes."""

import json
from typing import Any

from engine.model.ids import ControlId

RUN = "iabcdefghijklmnopqrst"


def control(verb: str) -> ControlId:
    return ControlId(f"{RUN}.0.menu.1.2.{verb}")


CALL = ControlId(f"{RUN}.call")


def flat(control_id: ControlId, **fields: Any) -> bytes:
    return json.dumps({"control_id": control_id, "call_id": "c", "node_id": "n", **fields}).encode()


def envelope(event_type: str, control_id: ControlId, **fields: Any) -> bytes:
    params = {"control_id": control_id, "call_id": "c", "node_id": "n", **fields}
    return json.dumps({"event_type": event_type, "params": params}).encode()
