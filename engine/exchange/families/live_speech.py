"""calling.live_transcribe and live_translate: one `action` each, `start` first and `stop` last.

What they write goes to the `webhook` of the start, in a shape that nobody documents; only summaries
are sent here, as they are asked for, and when an `ai_summary` was wanted.
"""

from typing import Any

from engine.exchange.command import FLAG, MAX_INT, STATUS_URL, TEXT, Command, Params, accepted
from engine.exchange.effects import HttpAnswer
from engine.exchange.families.services import begin, find, missing, refusal, stop
from engine.exchange.params import Field, Spec
from engine.exchange.turn import Turn
from engine.exchange.webhooks import report

SIDES = ("remote-caller", "local-caller")
SIDE = Field(type="string", enum=SIDES)
ENGINE = Field(type="string", enum=("deepgram", "google"))
SUMMARIZE = Field(type="object", fields={"webhook": TEXT, "prompt": TEXT})
_LANGUAGE = Field(type="string", required=True, least=1)
_COUNT = Field(type="integer", minimum=0, maximum=MAX_INT)
_FILTER = Field(type="string", form="filter")
_COMMON: Spec = {
    "direction": Field(type="array", required=True, least=1, items=SIDE),
    "webhook": TEXT,
    "live_events": FLAG,
    "ai_summary": FLAG,
    "ai_summary_prompt": TEXT,
    "speech_engine": ENGINE,
    "speech_timeout": _COUNT,
    "vad_silence_ms": _COUNT,
    "vad_thresh": Field(type="integer", minimum=0, maximum=1_800),
    "debug_level": Field(type="integer", minimum=0, maximum=2),
}
_INJECT: Spec = {
    "message": Field(type="string", required=True),
    "direction": Field(type="string", required=True, enum=SIDES),
}


def _action(**actions: Field) -> Field:
    return Field(
        required=True,
        either=(
            Field(type="object", fields=actions, one_of=tuple(actions)),
            Field(type="string", enum=("stop",)),
        ),
    )


LIVE_TRANSCRIBE: Spec = {
    "action": _action(start=Field(type="object", fields={"lang": _LANGUAGE, **_COMMON}), summarize=SUMMARIZE),
}
LIVE_TRANSLATE: Spec = {
    "action": _action(
        start=Field(
            type="object",
            fields={
                "from_lang": _LANGUAGE,
                "to_lang": _LANGUAGE,
                "from_voice": TEXT,
                "to_voice": TEXT,
                "filter_from": _FILTER,
                "filter_to": _FILTER,
                **_COMMON,
            },
        ),
        summarize=SUMMARIZE,
        inject=Field(type="object", fields=_INJECT),
    ),
    "status_url": STATUS_URL,
}


def live_transcribe(turn: Turn, call_id: str, params: Params) -> HttpAnswer:
    return _run(turn, call_id, "live_transcribe", params["action"])


def live_translate(turn: Turn, call_id: str, params: Params) -> HttpAnswer:
    return _run(turn, call_id, "live_translate", params["action"])


def summarize(turn: Turn, call_id: str, name: str, url: str, prompt: str) -> None:
    """A summary goes where it is wanted."""
    fields = {"summary": "There is nothing to sum up.", "prompt": prompt}
    report(turn, call_id, kind=f"{name}.summary", event=f"{name}.summary", fields=fields, url=url)


def _run(turn: Turn, call_id: str, name: str, action: Any) -> HttpAnswer:
    if isinstance(action, dict) and "start" in action:
        webhook = {"status_url": action["start"].get("webhook", "")}
        return refusal(turn, call_id, name) or begin(turn, call_id, name, webhook)
    service = find(turn.calls[call_id], name)
    if service is None:
        return missing(name, {})
    if action == "stop":
        stop(turn, call_id, service)
    elif "summarize" in action:
        asked = action["summarize"]
        summarize(turn, call_id, name, asked.get("webhook", service.status_url), asked.get("prompt", ""))
    else:
        turn.log(call_id, f"{name}.injected", **action["inject"])
    return accepted(turn, call_id)


COMMANDS = (
    Command(name="calling.live_transcribe", spec=LIVE_TRANSCRIBE, run=live_transcribe),
    Command(name="calling.live_translate", spec=LIVE_TRANSLATE, run=live_translate),
)
