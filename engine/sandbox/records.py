"""What the sandbox remembers of each call for those who ask: lines, commands, webhooks.

The exchange's state says how things stand; these say what happened. Plain mutable records, as they
are only ever told about and never decide anything.
"""

from collections import Counter
from typing import Any

import anyio
import msgspec

from engine.exchange.effects import CallerDid, Deliver, Heard, HttpAnswer, Progressed


class Webhook(msgspec.Struct, kw_only=True):
    """One delivery. `status` 0: no answer (yet); `error` says why, `tries` how often it was sent."""

    n: int
    kind: str
    control_id: str
    url: str
    at_ms: int
    body: dict[str, Any]
    status: int = 0
    tries: int = 0
    error: str = ""


class CallRecord:
    """One call's history. `lines` are numbered from 1: what was heard, its progress, what its caller did."""

    def __init__(self, call_id: str) -> None:
        self.call_id = call_id
        self.lines: list[dict[str, Any]] = []
        self.commands: list[dict[str, Any]] = []
        self.webhooks: list[Webhook] = []
        self._changed = anyio.Event()

    def add_line(self, effect: Heard | Progressed | CallerDid) -> None:
        line = msgspec.to_builtins(effect)
        del line["call_id"]
        self.lines.append({"n": len(self.lines) + 1, **line})
        self.wake()

    def add_command(self, at_ms: int, body: dict[str, Any], answer: HttpAnswer) -> None:
        params = body.get("params")
        errors = answer.body.get("errors", [])
        self.commands.append(
            {
                "at_ms": at_ms,
                "command": body.get("command"),
                "control_id": params.get("control_id") if isinstance(params, dict) else None,
                "status": answer.status,
                "sent": answer.send if answer.send != "answer" else ("late" if answer.late_ms else "answer"),
                "code": errors[0]["code"] if errors else None,
            }
        )

    def add_webhook(self, effect: Deliver) -> Webhook:
        webhook = Webhook(
            n=effect.n,
            kind=effect.kind,
            control_id=effect.control_id,
            url=effect.url,
            at_ms=effect.at_ms,
            body=effect.body,
        )
        self.webhooks.append(webhook)
        return webhook

    def wake(self) -> None:
        """Let those go on who wait for a line."""
        self._changed.set()
        self._changed = anyio.Event()

    async def changed(self) -> None:
        await self._changed.wait()

    def heard(self) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["effect"] == "heard"]

    def audible(self) -> list[dict[str, Any]]:
        """How often each control_id was heard: a command that was carried out twice counts twice."""
        counts = Counter(line.get("control_id", "") for line in self.heard())
        return [{"control_id": control_id, "count": count} for control_id, count in counts.items()]
