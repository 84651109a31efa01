"""A fetch that has no reply worth keeping: the one exception inside this package. It never leaves it."""

from engine.model.events import FetchKind


class NotFetched(Exception):
    """`kind`, `code` and `message` as in `Fetched`. Messages name hosts, never the rest of a URL: it may be secret."""

    def __init__(self, kind: FetchKind, code: str, message: str, status: int = 0) -> None:
        super().__init__(f"{code}: {message}")
        self.kind = kind
        self.code = code
        self.message = message
        self.status = status
