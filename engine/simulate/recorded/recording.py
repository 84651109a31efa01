"""One run with all that is needed to go through it again, and the portable file that keeps it (`docs/testing.md`)."""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from engine.compile import compile_bundle, suffix
from engine.model.advance import Advance
from engine.model.bundle import LANGUAGE, Bundle
from engine.model.errors import OffhookError
from engine.model.events import AnyEvent, CallArrived, OperationReported, RunRequested
from engine.model.graph import FlowGraph
from engine.model.ids import Digest, RunId
from engine.model.limits import PRESENCE_MS
from engine.simulate.transcript import replay

FORMAT = 1
WHAT = "offhook run"


class RecordingError(OffhookError):
    """A recorded run that cannot be read or gone through again."""

    code = "recording"


class Recording(Struct, frozen=True, kw_only=True):
    """`events` are the run's, the first of which has started it; `uses` what it was bound to. `status` and `end_reason` are
    those after the last event. `redacted`: values of people are not in it."""

    run_id: RunId
    flow: str
    digest: Digest
    status: str
    end_reason: str
    uses: Mapping[str, Any]
    presence_ms: int = PRESENCE_MS
    events: tuple[AnyEvent, ...]
    bundle: Bundle
    redacted: bool = False

    def graph(self) -> FlowGraph:
        """The flow version of the call, compiled."""
        found = compile_bundle(self.bundle)
        if found.graph is None:
            why = "; ".join(one.message for one in found.diagnostics)
            raise RecordingError(
                f"{suffix(self.flow)} of run {self.run_id}, in version {self.digest[:12]}, does not compile any more: {why}",
                help="Use the version of Offhook that the call was made with.",
            )
        return found.graph


History = tuple[tuple[AnyEvent, Advance], ...]
"""Each event with what the run made of it."""


def history(recording: Recording, graph: FlowGraph) -> History:
    return tuple(replay(graph, recording.events, uses=recording.uses, presence_ms=recording.presence_ms))


def is_without_effect(event: OperationReported, done: Advance) -> bool:
    """Was the report late, doubled, or of nothing that there is? After the end everything is late, by its kind."""
    subjects = (event.control_id, type(event).__name__)
    return any(one.what in _WITHOUT_EFFECT and one.subject in subjects for one in done.trace)


_WITHOUT_EFFECT = ("late", "duplicate", "refused")


class _File(Struct, kw_only=True):
    """The file's shape. `files` are the flow version's, by their paths; `binary` those that are no text, in base64."""

    format: int
    what: str
    run: str
    flow: str
    digest: str
    status: str
    end_reason: str
    redacted: bool
    presence_ms: int
    language: int
    uses: dict[str, Any]
    events: list[AnyEvent]
    files: dict[str, str]
    binary: dict[str, bytes] = {}


class _Head(Struct):
    what: str = ""
    format: int = 0


def encode(recording: Recording) -> str:
    """JSON, indented: it may be kept under version control."""
    texts: dict[str, str] = {}
    others: dict[str, bytes] = {}
    for path, data in sorted(recording.bundle.files.items()):
        try:
            texts[path] = data.decode()
        except UnicodeDecodeError:
            others[path] = data
    file = _File(
        format=FORMAT,
        what=WHAT,
        run=recording.run_id,
        flow=recording.flow,
        digest=recording.digest,
        status=recording.status,
        end_reason=recording.end_reason,
        redacted=recording.redacted,
        presence_ms=recording.presence_ms,
        language=recording.bundle.language,
        uses=dict(recording.uses),
        events=list(recording.events),
        files=texts,
        binary=others,
    )
    return msgspec.json.format(msgspec.json.encode(file), indent=1).decode() + "\n"


def decode(data: bytes, name: str) -> Recording:
    """`RecordingError` for anything else; `name` is what the file is called."""
    try:
        head = msgspec.json.decode(data, type=_Head)
    except msgspec.MsgspecError as error:
        raise RecordingError(f"{name} is no recorded run: {error}.", help=_HELP) from None
    if head.what != WHAT:
        raise RecordingError(f"{name} is no recorded run: `what` is {head.what!r}, not {WHAT!r}.", help=_HELP)
    if head.format != FORMAT:
        raise RecordingError(
            f"{name} has the format {head.format}, and this Offhook knows {FORMAT}.",
            help="Export the run again with this Offhook, or install the one that wrote the file.",
        )
    try:
        file = msgspec.json.decode(data, type=_File)
    except msgspec.MsgspecError as error:
        raise RecordingError(f"{name} is damaged: {error}.", help=_HELP) from None
    if not file.events or not isinstance(file.events[0], CallArrived | RunRequested):
        raise RecordingError(f"{name} does not begin with a call.", help=_HELP)
    files = {**{path: text.encode() for path, text in file.files.items()}, **file.binary}
    if suffix(file.flow) not in files:
        raise RecordingError(f"{name} is damaged: {suffix(file.flow)} is not among its `files`.", help=_HELP)
    return Recording(
        run_id=RunId(file.run),
        flow=file.flow,
        digest=Digest(file.digest),
        status=file.status,
        end_reason=file.end_reason,
        uses=file.uses,
        presence_ms=file.presence_ms,
        events=tuple(file.events),
        bundle=Bundle(flow=file.flow, files=files, language=file.language or LANGUAGE),
        redacted=file.redacted,
    )


_HELP = "`offhook runs export RUN` writes such files."
