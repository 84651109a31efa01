"""Log lines for machines: one JSON object each, with the ids that belong to it (structlog)."""

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.stdlib import ExtraAdder, ProcessorFormatter

FIELDS = ("run", "call_id", "control_id", "flow", "event")
"""What a line may say besides time, level, logger and text. Nothing else that was given to it leaves."""


_FIRST = ("at", "level", "logger", "message", *FIELDS)


def json_lines() -> logging.Formatter:
    """Formats records of the standard library. Tracebacks are text, without the values of variables, which may be
    private."""
    return ProcessorFormatter(
        foreign_pre_chain=[_what_was_said, structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name, _at],
        processors=[
            ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            _in_order,
            structlog.processors.JSONRenderer(),
        ],
    )


_at = structlog.processors.TimeStamper(fmt="iso", utc=True, key="at")
_add_extra = ExtraAdder(allow=FIELDS)
Said = MutableMapping[str, Any]


def _what_was_said(logger: Any, method: str, said: Said) -> Said:
    """The text as `message`, and the fields that came with it; a control_id tells its run as well."""
    said["message"] = said.pop("event")
    _add_extra(logger, method, said)
    if said.get("control_id") and not said.get("run"):
        said["run"] = str(said["control_id"]).partition(".")[0]
    return said


def _in_order(logger: Any, method: str, said: Said) -> Said:
    """The time first, a traceback last, and nothing that is empty."""
    rest = [key for key in said if key not in _FIRST]
    return {key: said[key] for key in (*_FIRST, *rest) if said.get(key) not in (None, "")}
