"""Recordings, secrets and what callers have to be told of."""

import re
from collections.abc import Iterator

from engine.compile.located import Mapping, Scalar
from tests.mutation.document import Document, Edit, Step, below
from tests.mutation.kinds.listening import _left_out
from tests.mutation.mutant import Mutation, kind, mutation

_NOTICE = re.compile(r"record", re.IGNORECASE)
_SECRET = re.compile(r"\b(pin|card|password|code|birth|social)\b", re.IGNORECASE)
_TAPE = "record: {direction: both, max_length: 3600, initial_timeout: 600, end_silence_timeout: 600}\nbackground: true"


@kind("The call is recorded, and nobody has told the caller.", notices="nothing, and that is the trouble")
def recorded_without_notice(of: Document) -> Iterator[Mutation | None]:
    start = of.at("start")
    if isinstance(start, Scalar) and of.section("steps").key("tape_all") is None:
        yield mutation(
            "start", "records", of.add_step("tape_all", f"{_TAPE}\nnext: {start.text}"), of.put(start, "tape_all")
        )


@kind("The recording starts before its notice.", notices="what is said before the notice is on the tape")
def recorded_before_notice(of: Document) -> Iterator[Mutation | None]:
    for tape in of.of_verb("record"):
        if tape.node.get("background") is None or not (after := _accepted(of, tape)):
            continue
        for notice in of.of_verb("play"):
            if of.plain_next(notice) == tape.name and _says(notice, _NOTICE) and notice.next is not None:
                swapped = [of.put(notice.next, after), _accepted_is(of, tape, notice.name)]
                before = [of.put(one, tape.name) for where, one in of.every_target() if one.text == notice.name]
                yield mutation(tape.name, f"before {notice.name}", *swapped, *before)


@kind("The notice of a recording is left out.", notices="nothing, and that is the trouble")
def notice_dropped(of: Document) -> Iterator[Mutation | None]:
    if any(step.node.get("background") is not None for step in of.of_verb("record")) or list(of.of_verb("transcribe")):
        for step in of.of_verb("play"):
            if _says(step, _NOTICE):
                yield _left_out(of, step)


@kind("A secret is asked for while the call is recorded.", notices="nothing; their PIN is on a tape")
def secret_while_recording(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask", "collect"):
        if _says(step, _SECRET) and of.section("steps").key("tape_all") is None:
            tape = of.add_step("tape_all", f"{_TAPE}\nnext: {step.name}")
            yield mutation(step.name, "while recording", tape, *of.led_elsewhere(step.name, "tape_all"))


@kind("The recording is not paused any more while a secret is asked for.", notices="nothing; their PIN is on a tape")
def pause_dropped(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("record.pause"):
        yield _left_out(of, step)


@kind("The recording is not resumed any more.", notices="nothing; the rest of the call is not on the tape")
def resume_dropped(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("record.resume", "play.resume"):
        yield _left_out(of, step)


@kind("What a caller has entered in secret is read back.", notices="whoever stands beside hears the PIN")
def secret_spoken(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask"):
        good = next((one for outcome, one in of.targets(step) if outcome == "digits"), None)
        if good is not None and (_says(step, _SECRET) or _is_secret(step)):
            said = of.add_step("said", f'play: "You entered ${{{{ steps.{step.name}.value }}}}."\nnext: {good.text}')
            yield mutation(step.name, "read back", said, of.put(good, "said"))


@kind("`secret` is left out.", notices="nothing; their PIN is in the logs")
def secret_dropped(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("ask"):
        for key in ("secret", "private"):
            if isinstance(step.value, Mapping) and step.value.get(key) is not None:
                yield mutation(step.name, f"without {key}", of.drop(step.value, key))


@kind("A message may be as long as it likes.", notices="nothing; a pocket's call fills the mailbox")
def length_dropped(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("record"):
        if isinstance(step.value, Mapping) and step.value.get("max_length") is not None:
            yield mutation(step.name, "without max_length", of.drop(step.value, "max_length"))


@kind("The tone before a recording is left out.", notices="nobody knows when to speak")
def beep_dropped(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("record"):
        if isinstance(step.value, Mapping) and step.value.get("beep") is not None:
            yield mutation(step.name, "without beep", of.drop(step.value, "beep"))


def _accepted(of: Document, step: Step) -> str:
    return of.plain_next(step)


def _accepted_is(of: Document, step: Step, target: str) -> Edit | None:
    found = next((one for outcome, one in of.targets(step) if outcome in ("next", "accepted", "otherwise")), None)
    return of.put(found, target) if found is not None else None


def _says(step: Step, what: re.Pattern[str]) -> bool:
    said = below(step.value, "prompt") if step.verb == "ask" else step.value
    return any(what.search(one.text) for one in Document.scalars_of(said))


def _is_secret(step: Step) -> bool:
    return isinstance(step.value, Mapping) and step.value.get("secret") is not None
