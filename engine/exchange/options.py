"""Everything that the vendor's documents leave open, as options of the exchange."""

from typing import Literal

from msgspec import Struct

FRAME_MS = 20
"""Nothing in a telephone network is shorter than one audio frame. The floor of every duration
keeps an endless loop of empty prompts from standing still in time."""


class Fault(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What goes wrong with the `nth` webhook of a kind (`play.finished`, `collect.digit`, `call.ended`).

    `nth` counts from 1 over the whole exchange; 0 means every one.
    """

    kind: str
    do: Literal["drop", "duplicate", "delay"]
    nth: int = 1
    delay_ms: int = 0


class ExchangeOptions(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How this platform behaves where its documents say nothing, or two things.

    Identity
        numbers            number -> URL of its SWML
        project_id, space_id, recordings_url: appear in bodies only

    Answers of the API
        status_null        the `status` of an answer's call leg is null (it may be)
        repeat             a second command with the control_id of a live operation: `refuse` answers
                           422 `control_id_in_use`, `accept` answers 200; neither starts anything
        overlap            a play during a play: `queue` begins it afterwards, `mix` at once, `refuse` 422
        unknown_params     `refuse` (the published schemas are closed) or `ignore`

    Webhooks
        webhook_shape      `flat` or `envelope`; both are documented
        webhook_delay_ms   between what happened and its delivery
        recording_ready_ms on top of that, for a recording's `finished`
        inbound_call_state inbound calls report their state too, to the call's own URL or `inbound_status_url`
        report_on_hangup   live plays and collects report `finished` when the call ends (recordings always do)
        press_raises_start a key press raises start_of_input where it was asked for
        stopped_collect    the result type that a stopped collect reports
        zero_end_silence   `end_silence_timeout: 0` means never, or at once

    Durations (ms)
        initial_timeout_ms, digit_timeout_ms, speech_end_silence_ms, speech_timeout_ms: a collect's defaults
        tts_chars_per_s, audio_ms, audio_lengths_ms (URL -> length): what prompts take
        ring_after_ms, answer_after_ms, ring_timeout_ms: a dialled call

    Keeping
        keep_log           voice log events are kept (an explorer leaves them out of its states)
        keep_ended         how many ended calls are remembered
    """

    numbers: dict[str, str] = {}
    project_id: str = "00000000-0000-4000-8000-000000000001"
    space_id: str = "00000000-0000-4000-8000-000000000002"
    recordings_url: str = "https://files.sandbox.invalid/recordings"

    status_null: bool = True
    repeat: Literal["refuse", "accept"] = "refuse"
    overlap: Literal["queue", "mix", "refuse"] = "queue"
    unknown_params: Literal["refuse", "ignore"] = "refuse"

    webhook_shape: Literal["flat", "envelope"] = "flat"
    webhook_delay_ms: int = 0
    recording_ready_ms: int = 0
    inbound_call_state: bool = False
    inbound_status_url: str = ""
    report_on_hangup: bool = False
    press_raises_start: bool = True
    stopped_collect: Literal["no_input", "finished"] = "no_input"
    zero_end_silence: Literal["never", "at_once"] = "never"
    faults: tuple[Fault, ...] = ()

    initial_timeout_ms: int = 4_000
    digit_timeout_ms: int = 5_000
    speech_end_silence_ms: int = 1_000
    speech_timeout_ms: int = 60_000
    tts_chars_per_s: int = 14
    audio_ms: int = 5_000
    audio_lengths_ms: dict[str, int] = {}
    ring_after_ms: int = 100
    answer_after_ms: int = 2_000
    ring_timeout_ms: int = 60_000

    keep_log: bool = True
    keep_ended: int = 1_000


def speech_ms(text: str, options: ExchangeOptions) -> int:
    """How long it takes to say the text, either way round."""
    return max(FRAME_MS, len(text) * 1_000 // options.tts_chars_per_s)
