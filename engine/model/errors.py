"""One tree of exceptions. Authors' mistakes are diagnostics and failed effects are events;
an exception means that a contract is broken or that the process cannot start."""


class OffhookError(Exception):
    """Base of all: `code` is stable and kebab-case, `help` says what to do next."""

    code = "offhook"

    def __init__(self, message: str, *, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help

    def __str__(self) -> str:
        return f"{self.message}\n  {self.help}" if self.help else self.message


class ConfigurationError(OffhookError):
    """The environment file, the variables or the machine do not allow a start (exit status 2)."""

    code = "configuration"


def cannot_read(path: object, error: OSError) -> ConfigurationError:
    """A file that was named and is no good: `path` is how it was named."""
    return ConfigurationError(f"{path} cannot be read: {error.strerror or error}.", help=_MAY.format("read"))


def cannot_write(path: object, error: OSError) -> ConfigurationError:
    return ConfigurationError(f"{path} cannot be written: {error.strerror or error}.", help=_MAY.format("write"))


_MAY = "Check the path, and whether this user may {} there."


class JournalError(OffhookError):
    """The journal cannot be opened, read or written."""

    code = "journal"


class JournalDamaged(JournalError):
    """The journal can be opened, and what is in it is broken."""

    code = "journal-damaged"


class EntryRefused(JournalError):
    """The journal is in order and will not have these entries, however often it is tried."""

    code = "journal-refused"


class WireError(OffhookError):
    """A message from outside does not have the shape that it must have."""

    code = "wire"
