"""What is played, collected, recorded, detected and copied: operations with a control_id."""

from engine.model.verb import LifeCycle, Verb

INPUT_FIELDS = {
    "value": "string",
    "digits": "string",
    "terminator": "string",
    "text": "string",
    "confidence": "double",
}

PLAY = (
    Verb(
        name="play",
        shape="operation",
        command="calling.play",
        summary="Play text, audio, silence or a ringtone to the call.",
        outcomes=("finished", "interrupted"),
        repeat="while_unseen",
        life=LifeCycle(
            stop="calling.play.stop",
            progress=("playing", "paused"),
            repeating=("playing", "paused"),
            ends={"finished": "finished", "error": "error"},
        ),
    ),
    Verb(
        name="play.pause",
        shape="order",
        command="calling.play.pause",
        of="play",
        summary="Pause a playback.",
        outcomes=("accepted",),
        repeat="safe",
    ),
    Verb(
        name="play.resume",
        shape="order",
        command="calling.play.resume",
        of="play",
        summary="Go on with a paused playback.",
        outcomes=("accepted",),
        repeat="safe",
    ),
    Verb(
        name="play.volume",
        shape="order",
        command="calling.play.volume",
        of="play",
        summary="Make a playback louder or softer, in decibels.",
        outcomes=("accepted",),
        repeat="never",
    ),
    Verb(
        name="play.stop",
        shape="order",
        command="calling.play.stop",
        of="play",
        summary="Stop a playback.",
        outcomes=("accepted",),
        repeat="safe",
    ),
)

COLLECT = (
    Verb(
        name="collect",
        shape="operation",
        command="calling.collect",
        summary="Collect digits, speech or both.",
        outcomes=("digits", "speech", "no_input", "no_match"),
        fields=INPUT_FIELDS,
        repeat="while_unseen",
        life=LifeCycle(
            stop="calling.collect.stop",
            progress=("collecting", "start_of_input", "partial"),
            repeating=("partial",),
            ends={
                "digit": "digits",
                "speech": "speech",
                "no_input": "no_input",
                "no_match": "no_match",
                "finished": "no_input",
                "error": "error",
            },
            stopped="no_input",
            input=("start_of_input", "partial", "digit", "speech", "no_match"),
        ),
        modes={
            "continuous": LifeCycle(
                stop="calling.collect.stop",
                progress=("collecting", "start_of_input", "partial"),
                repeating=("collecting", "start_of_input", "partial"),
                results={"digit": "digits", "speech": "speech", "no_input": "no_input", "no_match": "no_match"},
                ends={"finished": "no_input", "error": "error"},
                stopped="no_input",
                input=("start_of_input", "partial", "digit", "speech", "no_match"),
            )
        },
    ),
    Verb(
        name="collect.start_input_timers",
        shape="order",
        command="calling.collect.start_input_timers",
        of="collect",
        summary="Start the initial_timeout of a collect that was begun with start_input_timers: false.",
        outcomes=("accepted",),
        repeat="safe",
    ),
    Verb(
        name="collect.stop",
        shape="order",
        command="calling.collect.stop",
        of="collect",
        summary="Stop a collect; it ends as no_input.",
        outcomes=("accepted",),
        repeat="safe",
    ),
)

RECORD = (
    Verb(
        name="record",
        shape="operation",
        command="calling.record",
        summary="Record the call; the URL comes with the last webhook.",
        outcomes=("finished", "no_input"),
        fields={"url": "string", "duration": "double", "size": "int", "format": "string"},
        gives={"no_input": ()},
        repeat="while_unseen",
        life=LifeCycle(
            stop="calling.record.stop",
            progress=("recording", "paused"),
            repeating=("recording", "paused"),
            ends={"finished": "finished", "no_input": "no_input", "error": "error"},
            settles=True,
        ),
    ),
    Verb(
        name="record.pause",
        shape="order",
        command="calling.record.pause",
        of="record",
        summary="Pause a recording: cut the pause out, or keep it as silence.",
        outcomes=("accepted",),
        repeat="safe",
    ),
    Verb(
        name="record.resume",
        shape="order",
        command="calling.record.resume",
        of="record",
        summary="Go on with a paused recording.",
        outcomes=("accepted",),
        repeat="safe",
    ),
    Verb(
        name="record.stop",
        shape="order",
        command="calling.record.stop",
        of="record",
        summary="Stop a recording.",
        outcomes=("accepted",),
        repeat="safe",
    ),
)


def _listening_for(what: str) -> LifeCycle:
    """A detector that knows one thing: what it hears of others is none of its outcomes."""
    return LifeCycle(
        stop="calling.detect.stop",
        progress=(),
        ends={what: what, "finished": "timeout", "error": "error"},
        stopped="timeout",
        trails=("finished",),
    )


DETECT = (
    Verb(
        name="detect",
        shape="operation",
        command="calling.detect",
        summary="Find out who or what has answered: a person, a machine, a fax; or wait for a tone.",
        outcomes=("human", "machine", "machine_ready", "fax", "digit", "unknown", "timeout"),
        fields={"value": "string", "type": "string", "event": "string"},
        repeat="while_unseen",
        # With detect_message_end (the default) a machine is awaited until its greeting is over.
        life=LifeCycle(
            stop="calling.detect.stop",
            progress=("machine", "not_ready"),
            repeating=("machine", "not_ready"),
            ends={
                "human": "human",
                "ready": "machine_ready",
                "unknown": "unknown",
                "fax": "fax",
                "digit": "digit",
                "finished": "timeout",
                "error": "error",
            },
            after={
                "machine": {"finished": "machine"},
                "not_ready": {"finished": "machine"},
            },
            stopped="timeout",
            trails=("finished",),
        ),
        modes={
            "at_once": LifeCycle(
                stop="calling.detect.stop",
                progress=("not_ready", "ready"),
                repeating=("not_ready", "ready"),
                ends={
                    "human": "human",
                    "machine": "machine",
                    "unknown": "unknown",
                    "fax": "fax",
                    "digit": "digit",
                    "finished": "timeout",
                    "error": "error",
                },
                stopped="timeout",
                trails=("finished",),
            ),
            "fax": _listening_for("fax"),
            "digit": _listening_for("digit"),
        },
    ),
    Verb(
        name="detect.stop",
        shape="order",
        command="calling.detect.stop",
        of="detect",
        summary="Stop a detection; it ends as timeout.",
        outcomes=("accepted",),
        repeat="safe",
    ),
)

COPY = (
    Verb(
        name="tap",
        shape="operation",
        command="calling.tap",
        summary="Send the call's audio to a listener by RTP or WebSocket, until it is stopped.",
        outcomes=("finished",),
        background="always",
        repeat="while_unseen",
        life=LifeCycle(
            stop="calling.tap.stop",
            progress=("tapping",),
            ends={"finished": "finished", "error": "error"},
        ),
    ),
    Verb(
        name="tap.stop",
        shape="order",
        command="calling.tap.stop",
        of="tap",
        summary="Stop a tap.",
        outcomes=("accepted",),
        repeat="safe",
    ),
    Verb(
        name="stream",
        shape="operation",
        command="calling.stream",
        summary="Stream the call's audio to a WebSocket, until it is stopped.",
        outcomes=("finished",),
        background="always",
        repeat="while_unseen",
        life=LifeCycle(
            stop="calling.stream.stop",
            progress=("streaming",),
            ends={"finished": "finished", "error": "error"},
        ),
    ),
    Verb(
        name="stream.stop",
        shape="order",
        command="calling.stream.stop",
        of="stream",
        summary="Stop a stream.",
        outcomes=("accepted",),
        repeat="safe",
    ),
    Verb(
        name="transcribe",
        shape="operation",
        command="calling.transcribe",
        summary="Transcribe the whole call; the transcript comes after it. One at a time.",
        outcomes=("finished",),
        background="always",
        repeat="while_unseen",
        life=LifeCycle(
            stop="calling.transcribe.stop",
            progress=("transcribing",),
            ends={"completed": "finished", "finished": "finished", "failed": "error", "error": "error"},
            settles=True,
        ),
    ),
    Verb(
        name="transcribe.stop",
        shape="order",
        command="calling.transcribe.stop",
        of="transcribe",
        summary="Stop a transcription.",
        outcomes=("accepted",),
        repeat="safe",
    ),
    Verb(
        name="denoise",
        shape="order",
        needs_only_call=True,
        command="calling.denoise",
        summary="Filter noise out of the call; at most once per call.",
        outcomes=("accepted",),
        repeat="safe",
    ),
    Verb(
        name="denoise.stop",
        shape="order",
        command="calling.denoise.stop",
        summary="Stop filtering noise.",
        outcomes=("accepted",),
        repeat="safe",
    ),
    Verb(
        name="live_transcribe",
        shape="order",
        command="calling.live_transcribe",
        summary="Start, stop or summarise a transcription while the call goes on.",
        outcomes=("accepted",),
        repeat="never",
    ),
    Verb(
        name="live_translate",
        shape="order",
        command="calling.live_translate",
        summary="Start, stop, summarise or feed a translation while the call goes on.",
        outcomes=("accepted",),
        repeat="never",
    ),
)

ROWS = (*PLAY, *COLLECT, *RECORD, *DETECT, *COPY)
