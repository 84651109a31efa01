"""Log lines for people: time, level, text, and the ids that belong to it."""

import logging
import sys

from engine.cli.terminal import visible

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


def set_up(level: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    root = logging.getLogger("offhook")
    root.handlers = [handler]
    root.setLevel(level.upper())
    root.propagate = False
