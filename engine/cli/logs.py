"""Log lines: for people time, level, text, and the ids that belong to it; for machines JSON."""

import logging
import sys
from typing import Literal

from engine.cli.terminal import visible

Form = Literal["auto", "text", "json"]
"""`auto`: text on a terminal, else JSON."""

_OTHERS = (("opentelemetry", "WARNING"),)
"""Libraries that speak of what an operator has to know."""
_IDS = ("run", "control_id", "call_id", "event")


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever callers and the platform put into it; a traceback keeps its own lines."""
        said = visible(record.getMessage())
        line = f"{self.formatTime(record, '%H:%M:%S')} {record.levelname.lower():7} {said}"
        ids = " ".join(f"{key}={visible(str(record.__dict__[key]))}" for key in _IDS if record.__dict__.get(key))
        if record.exc_info:
            line += "".join(f"\n{visible(one)}" for one in self.formatException(record.exc_info).split("\n"))
        return f"{line}  {ids}" if ids else line


def set_up(level: str, form: Form = "text") -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(form))
    for name, least in (("offhook", level.upper()), *_OTHERS):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(least)
        logger.propagate = False


def for_people(form: Form) -> bool:
    return form == "text" or (form == "auto" and sys.stderr.isatty())


def _formatter(form: Form) -> logging.Formatter:
    if for_people(form):
        return _Lines()
    from engine.telemetry.logs import json_lines

    return json_lines()
