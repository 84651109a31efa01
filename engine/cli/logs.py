"""Log lines for people: time, level, text, and the ids that belong to it."""

import logging
import sys

_IDS = ("run", "control_id", "call_id", "event")


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = f"{self.formatTime(record, '%H:%M:%S')} {record.levelname.lower():7} {record.getMessage()}"
        ids = " ".join(f"{key}={record.__dict__[key]}" for key in _IDS if record.__dict__.get(key))
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return f"{line}  {ids}" if ids else line


def set_up(level: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    root = logging.getLogger("offhook")
    root.handlers = [handler]
    root.setLevel(level.upper())
    root.propagate = False
