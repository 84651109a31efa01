"""The text phone's words: what a line of a call looks like, and what a typed line means."""

import textwrap
from typing import Any

import msgspec

from engine.exchange.decision_text import DecisionTextError, read_decision, write_decision
from engine.exchange.decisions import WORDS, About, Verdict
from engine.sandbox.script import KEYS

HELP = """\
  1234#          press keys (0-9, *, #, A-D)
  say some words speak
  wait 2.5       do nothing for that many seconds (of the call's time)
  hangup         hang up; so does the end of the input
  bridge busy    when somebody else is rung: talks [60s], busy, no_answer, declined, failed
  queue timeout  when you wait in a queue: talks [60s], timeout, failed
  pay success    when you are to pay: success, payment-connector-error, ...
  peer hangs_up  whoever you are talking to hangs up
  help           this"""

Typed = dict[str, Any]
"""A caller's act as the sandbox takes it, or `{"wait_s": seconds}`, `{"help": True}`, `{"wrong": why}`."""

_MARGIN = 9
_HINTS = {
    "connecting": " `bridge busy`, `bridge talks 60s`, ... decide, or wait.",
    "queued": " `queue talks 60s`, `queue timeout`, ... decide, or wait.",
    "connected": " `peer hangs_up` or `hangup` ends it.",
    "paying": " `pay success`, `pay payment-connector-error`, ... decide, or wait; `*` cancels.",
}


def understand(text: str) -> Typed | None:
    """What a typed line means; None for an empty one."""
    text = text.strip()
    word, _, rest = text.partition(" ")
    match word.lower():
        case "":
            return None
        case "say" | "s":
            return {"says": rest.strip()}
        case "hangup" | "h" | "bye":
            return {"hangs_up": True}
        case "help" | "h?" | "?":
            return {"help": True}
        case "wait" | "w":
            return _wait(rest)
        case "bridge" | "queue" | "pay" | "peer" as about:
            return _decision(about, rest)
    keys = text.replace(" ", "").upper()
    if set(keys) <= KEYS:
        return {"presses": keys}
    return {"wrong": f"{text!r} is neither keys nor a word of the phone's; `help` lists them"}


def show(line: dict[str, Any], *, began_ms: int, width: int = 78, hints: bool = False) -> str:
    """One line of a call (see the sandbox's /heard) as text, wrapped, with the call's time before it.

    `hints`: with what may be typed now, where that is not keys or words.
    """
    elapsed_s = max(0, line["at_ms"] - began_ms) // 1_000
    first = f"{elapsed_s // 60:3d}:{elapsed_s % 60:02d}   "
    return textwrap.fill(
        _said(line) + (_HINTS.get(line.get("what", ""), "") if hints else ""),
        width=width,
        initial_indent=first,
        subsequent_indent=" " * _MARGIN,
        break_long_words=False,
    )


def echo(typed: Typed, text: str) -> str:
    """What was typed where it does not show by itself; keys as they are pressed, whatever stood between them."""
    return f"{'':{_MARGIN}}> {typed.get('presses', text)}"


def kind(typed: Typed) -> str:
    """What somebody has to listen to who is to notice it."""
    return "keys" if "presses" in typed else "words"


def unheard(typed: Typed) -> str:
    """Said at a terminal, where a line counts at once: it is not the flow's fault that nothing comes of it."""
    return f"{'':{_MARGIN}}(nobody listens to {kind(typed)} now)"


def _decision(about: About, rest: str) -> Typed:
    try:
        read_decision(about, rest)
    except DecisionTextError as error:
        return {"wrong": str(error)}
    return {about: rest.strip()}


def decides(typed: Typed) -> str:
    """What it decides about; "" when it is no decision."""
    return next((about for about in WORDS if about in typed), "")


def _wait(rest: str) -> Typed:
    try:
        return {"wait_s": max(0.0, float(rest))}
    except ValueError:
        return {"wrong": f"wait {rest}: how many seconds?"}


def _said(line: dict[str, Any]) -> str:
    match line["effect"]:
        case "heard":
            return _heard(line)
        case "caller_did":
            return f"> {_did(line['act'])}"
        case _:
            return _progress(line)


def _heard(line: dict[str, Any]) -> str:
    seconds = line["duration_ms"] / 1_000
    match line["sound"]:
        case "speech":
            return str(line["text"])
        case "silence":
            return f"[silence, {seconds:g} s]"
        case "beep":
            return "[beep]"
        case sound:
            lasting = f", {seconds:g} s" if seconds else ""
            return f"[{sound} {line['text']}{lasting}]"


def _progress(line: dict[str, Any]) -> str:
    detail = line.get("detail", "")
    match line["what"]:
        case "created":
            return "(calling)"
        case "cut_off":
            return "(the prompt is stopped)"
        case "left":
            return f"(the call is handed over to SWML: {detail})"
        case "connecting":
            return f"(ringing {detail})"
        case "connected":
            return f"(you are talking to {detail})"
        case "disconnected":
            return f"({detail} is gone)"
        case "not_connected":
            return f"(not connected: {detail})"
        case "queued":
            return f"(waiting in the queue {detail})"
        case "paying":
            return f"(you are to pay {detail})" if detail else "(you are to give your card)"
        case what:
            return f"({what}{f': {detail}' if detail else ''})"


def _did(act: dict[str, Any]) -> str:
    match act["act"]:
        case "presses":
            return str(act["digits"])
        case "says":
            return f"say {act['text']}"
        case "decides":
            return f"{act['about']} {write_decision(msgspec.convert(act['verdict'], Verdict))}"
        case _:
            return "hangup"
