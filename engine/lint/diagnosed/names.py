"""VAR: names and values in expressions."""

from collections.abc import Mapping

from engine.lint.diagnosed.page import page

PAGES: Mapping[tuple[str, str], str] = {
    ("VAR001", "unknown-name"): page(
        "A name that an expression may not use, or a variable that is not declared.",
        "It has no value, so the step could only fail.",
        'hello:\n  play: "Hello ${{ call.name }}."\n  next: bye',
        'hello:\n  play: "Hello ${{ call.from }}."\n  next: bye',
        code="VAR001",
    ),
    ("VAR002", "maybe-unset"): page(
        "A name that is read where, on some way that a caller can take, nothing has set it. The message shows such a way.",
        "The step would fail in the middle of that call, with an expression that has no value.",
        """
menu:
  ask: {prompt: "Your number?", digits: {max: 8}}
  next: {digits: thanks, otherwise: count}
count:
  wait: 1s
  next: thanks
thanks:
  record: {max_length: 60, end_silence_timeout: 3}
  next: {finished: told, no_input: told}
told:
  play: "${{ steps.thanks.url }}"
  next: bye
""",
        """
menu:
  ask: {prompt: "Your number?", digits: {max: 8}}
  next: {digits: thanks, otherwise: count}
count:
  wait: 1s
  next: thanks
thanks:
  record: {max_length: 60, end_silence_timeout: 3}
  next: {finished: told, no_input: told}
told:
  play: "${{ or(steps.thanks.url, 'none') }}"
  next: bye
""",
        code="VAR002",
    ),
    ("VAR003", "type-mismatch"): page(
        "A value of another type than is wanted, in CEL or in a declaration.",
        "What a caller enters is a text, also when it is digits: `int(...)` makes a number of it.",
        "count:\n  branch:\n    - if: call.from + 1\n      next: menu\n    - else: bye",
        "count:\n  branch:\n    - if: size(call.from) > 1\n      next: menu\n    - else: bye",
        code="VAR003",
    ),
    ("VAR005", "bad-pattern"): page(
        "A regular expression that does not compile, or could take for ever.",
        "It could match nothing, and a caller's answer must not stop the runner.",
        "pin:\n  ask:\n    prompt: \"Four digits.\"\n    digits: {max: 4}\n    accept: '^[0-9{4}$'\n  next: bye",
        "pin:\n  ask:\n    prompt: \"Four digits.\"\n    digits: {max: 4}\n    accept: '^[0-9]{4}$'\n  next: bye",
        code="VAR005",
        what="Marks the pattern of an `accept`, which is one of Python, or the place in it; and the text that `matches` is given in an"
        " expression, which is one of RE2.",
        limits="A pattern of `matches` that is a value, or is put together, is not known here.",
    ),
    ("VAR006", "bad-type"): page(
        "A type under `returns` that is not known.",
        "What a reply holds is checked against it, and expressions are checked with it.",
        'ask_it:\n  fetch: {url: "https://example.com", returns: {points: number}}\n  next: bye',
        'ask_it:\n  fetch: {url: "https://example.com", returns: {points: int}}\n  next: bye',
        code="VAR006",
    ),
    ("VAR007", "missing-input"): page(
        "A `subflow` without an input that the other flow requires.",
        "The other flow could not begin.",
        "pin:\n  subflow: {flow: enter_pin}",
        "pin:\n  subflow: {flow: enter_pin, with: {digits: '4'}}",
    ),
}
