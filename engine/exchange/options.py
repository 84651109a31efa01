"""Everything that the vendor's documents leave open, as options of the exchange."""

from typing import Literal

from msgspec import Struct

from engine.exchange.faults import Fault

__all__ = ["FRAME_MS", "ExchangeOptions", "Fault", "Leg", "Rate", "speech_ms"]

FRAME_MS = 20
"""Nothing in a telephone network is shorter than one audio frame. The floor of every duration
keeps an endless loop of empty prompts from standing still in time."""

Leg = Literal["by_address", "relay_pstn_call", "relay_sip_call", "relay_webrtc_call", "fabric_subscriber_device_leg"]


class Rate(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The limits of a space; the defaults are the documented ones.

    `posts` in any window of `window_ms`; beyond them 429. `dials_per_s` calls begin each second and
    the others wait, at most `queued` of them; the status beyond that is not documented.
    """

    posts: int = 13_800
    window_ms: int = 10_000
    dials_per_s: float = 1.0
    queued: int = 10_000
    queue_full: Literal[422, 429] = 422


class ExchangeOptions(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How this platform behaves where its documents say nothing, or two things.

    Identity
        numbers            number -> URL of its SWML
        project_id, space_id, recordings_url: appear in bodies only

    Answers of the API
        leg                the type of an answer's call leg; `by_address` looks at whom the call is with
        status_null        the `status` of an answer's call leg is null (a fabric leg's always is)
        repeat             a second command with the control_id of a live operation: `refuse` answers
                           422 `control_id_in_use`, `accept` answers 200; neither starts anything
        second             a second denoise, sidecar, live transcription: `conflict` 409, `invalid` 422,
                           `accept` 200, and nothing begins (a second transcribe is 409 in any case)
        redundant          pausing what is paused, resuming what is not, a disconnect with nobody
                           connected: `accept` or `refuse` (409)
        overlap            a play during a play: `queue` begins it afterwards, `mix` at once, `refuse` 422
        gone               a command to an ended call: `not_found` 404, or `invalid` 422
        early              a command to a call that is not answered yet: `refuse` 422, or `accept`
        ai_session         a command about an AI where none is on the call: `needed` 404, `any` 200
        refer_legs         which legs may be referred: `sip` only, or `any`
        sidecar_answers    a sidecar's status line is a `field` of the leg (`status_line`), or the `text`
        follow             the URLs whose SWML is asked for when a call is sent there: those of this machine only,
                           or `all`; for any other the call has left (numbers' own URLs are always asked)
        unknown_params     `refuse` (the published schemas are closed) or `ignore`
        rate               limits; None for none at all

    Webhooks
        webhook_shape      `flat` or `envelope`; both are documented. A transcript comes in an envelope always
        event_types        an envelope's event type: `long` calling.call.play, `short` calling.play
        webhook_delay_ms   between what happened and its delivery
        recording_ready_ms, transcript_ready_ms, ask_ms: on top of that, for a recording's `finished`,
                           a transcript, and a sidecar's answer
        transcript         how a transcription turns out: `completed` or `failed`
        transcribe_states  a transcribe reports its state too
        inbound_call_state inbound calls report their state too, to the call's own URL or `inbound_status_url`
        report_on_hangup   live operations report `finished` when the call ends (recordings always do)
        press_raises_start a key press raises start_of_input where it was asked for
        confidence         how sure a recogniser was: in `percent`, or as a `fraction` of 1
        keys_reach_detect  what a collect takes reaches a detector of digits too
        fax_tone           what a detector of fax tones listens for that names none: `CED` alone, or `either`
        detect_ends        a detector ends with its `outcome`, or at its `timeout`
        stopped_collect    the result type that a stopped collect reports
        zero_end_silence   `end_silence_timeout: 0` means never, or at once
        failed_reasons     `connect_failed_reason` is written `no_answer`, `declined` or `noAnswer`, `decline`:
                           `snake` or `camel`
        refer_success      a referred call `ends` here, or `stays`
        faults             what goes wrong with webhooks and answers

    Durations (ms)
        initial_timeout_ms, digit_timeout_ms, speech_end_silence_ms, speech_timeout_ms: a collect's defaults
        tts_chars_per_s, audio_ms, audio_lengths_ms (URL -> length): what prompts take
        ring_after_ms, answer_after_ms, ring_timeout_ms: a dialled call
        greeting_ms        what a machine says before one may speak
        refer_ms           what a REFER takes
        bridge_after_ms    until somebody answers whom SWML connects the call to
        queue_ms           until somebody takes a call out of a queue
        talk_ms            how long they talk then, where nobody hangs up before
        pay_ms             what a payment takes
        ending_ms          between `ending` and `ended`

    Keeping
        keep_log           voice log events are kept (an explorer leaves them out of its states)
        log_details        the shape of an event's details: `flat`, or `nested` under `params`
        log_by_call_id     the log is found by call_id too
        log_after_ms       how long after a call's beginning its log can be read
        keep_ended         how many ended calls are remembered
    """

    numbers: dict[str, str] = {}
    project_id: str = "00000000-0000-4000-8000-000000000001"
    space_id: str = "00000000-0000-4000-8000-000000000002"
    recordings_url: str = "https://files.sandbox.invalid/recordings"

    leg: Leg = "by_address"
    status_null: bool = True
    repeat: Literal["refuse", "accept"] = "refuse"
    second: Literal["conflict", "invalid", "accept"] = "conflict"
    redundant: Literal["accept", "refuse"] = "accept"
    overlap: Literal["queue", "mix", "refuse"] = "queue"
    gone: Literal["not_found", "invalid"] = "not_found"
    early: Literal["refuse", "accept"] = "refuse"
    ai_session: Literal["needed", "any"] = "needed"
    refer_legs: Literal["sip", "any"] = "sip"
    sidecar_answers: Literal["field", "text"] = "field"
    follow: Literal["loopback", "all"] = "loopback"
    unknown_params: Literal["refuse", "ignore"] = "refuse"
    rate: Rate | None = None

    webhook_shape: Literal["flat", "envelope"] = "flat"
    event_types: Literal["long", "short"] = "long"
    webhook_delay_ms: int = 0
    recording_ready_ms: int = 0
    transcript_ready_ms: int = 0
    ask_ms: int = 500
    transcript: Literal["completed", "failed"] = "completed"
    transcribe_states: bool = False
    inbound_call_state: bool = False
    inbound_status_url: str = ""
    report_on_hangup: bool = False
    press_raises_start: bool = True
    confidence: Literal["percent", "fraction"] = "percent"
    keys_reach_detect: bool = True
    fax_tone: Literal["CED", "either"] = "CED"
    detect_ends: Literal["outcome", "timeout"] = "outcome"
    stopped_collect: Literal["no_input", "finished"] = "no_input"
    zero_end_silence: Literal["never", "at_once"] = "never"
    failed_reasons: Literal["snake", "camel"] = "snake"
    refer_success: Literal["ends", "stays"] = "ends"
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
    greeting_ms: int = 5_000
    refer_ms: int = 500
    bridge_after_ms: int = 5_000
    queue_ms: int = 10_000
    talk_ms: int = 30_000
    pay_ms: int = 20_000
    ending_ms: int = 0

    keep_log: bool = True
    log_details: Literal["flat", "nested"] = "flat"
    log_by_call_id: bool = True
    log_after_ms: int = 0
    keep_ended: int = 1_000


def speech_ms(text: str, options: ExchangeOptions) -> int:
    """How long it takes to say the text, either way round."""
    return max(FRAME_MS, len(text) * 1_000 // options.tts_chars_per_s)
