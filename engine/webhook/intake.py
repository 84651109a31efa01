"""What the HTTP side hands over to, and what it hears back. The runner implements it."""

from collections.abc import Callable
from typing import Any, Protocol

from msgspec import Struct

from engine.model.events import CallArrived, CallReturned, CallStateReported, OperationReported, UnknownReported
from engine.model.ids import ControlId, RunId

Reported = OperationReported | CallStateReported | UnknownReported


class Unavailable(Exception):
    """The event is not in the journal: it cannot be written now. Answered with 503."""


class Refused(Exception):
    """The request cannot be done: `status` is HTTP's, the text says why and what to do. It may be done `retry_after_s`
    later, where that is known."""

    def __init__(self, status: int, message: str, *, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.retry_after_s = retry_after_s


Tell = Callable[[Unavailable | None], None]


class Requested(Struct, frozen=True):
    """The run of a request; `known`: an earlier request with the same key has begun it. `no_call`: why that one ended,
    if it did so and no call is known to have come of it."""

    run_id: RunId
    known: bool = False
    no_call: str = ""


class Arrival(Struct, frozen=True):
    """The SWML document for an inbound call, and what to call once it is on its way."""

    document: bytes
    answered: Callable[[], None]


class Intake(Protocol):
    def now_ms(self) -> int: ...

    def open_token(self, token: str) -> ControlId | None:
        """The control_id that a webhook's token stands for; None for one that is not ours."""

    def report(self, control_id: ControlId, event: Reported, tell: Tell, size: int = 0) -> bool:
        """False when its run is not there. Otherwise `tell` is called once, now or later: when the event is in the journal,
        or with the reason why it is not. `size` is the bytes that it came in. Raises `Refused`, `Unavailable`."""

    async def arrive(self, event: CallArrived) -> Arrival:
        """An inbound call. Never raises: a call always gets a document."""

    def open_resume(self, token: str) -> tuple[ControlId, str] | None:
        """The excursion and the outcome that a way back stands for; None for one that is not ours."""

    async def come_back(self, event: CallReturned) -> Arrival:
        """A call comes back from an excursion. Raises `Refused` for another call, and for a way that was used."""

    async def signal(self, run_id: str, name: str, payload: dict[str, Any]) -> None:
        """Returns when the signal is in the journal. Raises `Refused`, `Unavailable`."""

    async def request(self, *, flow: str, to: str, from_: str, inputs: dict[str, Any], key: str) -> Requested:
        """Starts an outbound run; the same `key` is the same run. Raises `Refused`, `Unavailable`."""

    async def cancel(self, run_id: str) -> dict[str, Any]:
        """Cancels a run that is being dialled; how it stands then. Raises `Refused` when it is answered, `Unavailable`."""

    def runs(self, limit: int) -> list[dict[str, Any]]: ...

    def run(self, run_id: str) -> dict[str, Any]:
        """Raises `Refused`."""

    def flow(self, name: str) -> dict[str, Any]:
        """What a flow wants to be given. Raises `Refused`."""

    def answered(self, status: int, seconds: float) -> None:
        """A webhook was answered so, after so long."""

    def alive(self) -> bool:
        """Does it make headway? False: it should be started again."""

    def metrics(self) -> tuple[str, bytes]:
        """What it has counted, with its media type."""

    def status(self) -> tuple[bool, dict[str, Any]]:
        """Ready for calls, and the facts behind that, without anything personal."""
