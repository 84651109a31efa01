"""API: what the calling API would refuse, or could never do."""

from collections.abc import Mapping

from engine.lint.diagnosed.page import page

_LISTENS = """
listen:
  collect: {digits: {max: 4}}
  background: true
  next: stop
stop:
  collect.stop: listen
  next: bye
"""

PAGES: Mapping[tuple[str, str], str] = {
    ("API001", "nothing-to-do"): page(
        "A command without what it is about: a collect without digits and speech, a choice that can only be pressed where "
        "no digits are taken.",
        "The platform refuses it, or the choice is never chosen.",
        "listen:\n  collect: {initial_timeout: 5, start_input_timers: true}\n  next: bye",
        "listen:\n  collect: {digits: {max: 4}, initial_timeout: 5, start_input_timers: true}\n  next: bye",
        code="API001",
    ),
    ("API004", "out-of-range"): page(
        "A number, text or list beyond the API's bounds.",
        "The platform refuses the command, in the middle of a call.",
        'hello:\n  play: {play: ["Hello."], volume: 50}\n  next: bye',
        'hello:\n  play: {play: ["Hello."], volume: 5}\n  next: bye',
        code="API004",
    ),
    ("API005", "no-public-address"): page(
        "An `addr` of a tap that is no public IPv4 address: a private, local or reserved one, a host's name, or IPv6.",
        "The platform refuses it: the audio comes from its own network, which cannot reach yours.",
        """
ear:
  tap:
    tap: {type: audio, params: {direction: both}}
    device: {type: rtp, params: {addr: 192.168.1.7, port: 40000}}
  next: bye
""",
        """
ear:
  tap:
    tap: {type: audio, params: {direction: both}}
    device: {type: rtp, params: {addr: 8.8.8.8, port: 40000}}
  next: bye
""",
        code="API005",
        limits="An address that comes from `${{ }}` is looked at by the platform alone. The flow does not compile, so this cannot"
        " be ignored.",
        source="The calling API's tap: `addr` is a public IPv4 address.",
    ),
    ("API006", "other-scheme"): page(
        "An address with another scheme than the command takes: a stream without `wss://`, a file or SWML without `https://`"
        " or `http://`, a `refer` without `sip:`.",
        "The platform refuses the command, in the middle of a call.",
        'ear:\n  stream: {url: "https://media.example.com/audio"}\n  next: bye',
        'ear:\n  stream: {url: "wss://media.example.com/audio"}\n  next: bye',
        code="API006",
        limits="An address that begins with `${{ }}` is not looked at. The unsafe fix writes the scheme that is wanted; whether"
        " something answers there is not known here. The flow does not compile, so this cannot be ignored.",
        source="The calling API: stream takes `wss`, tap `wss` and `ws`, audio and SWML `https` and `http`, refer `sip`.",
    ),
    ("API008", "bad-handle"): page(
        "A step that is no handle, or the handle of another kind of operation.",
        "Only a step in the background leaves something that can be stopped or waited for.",
        "listen:\n  collect: {digits: {max: 4}}\n  next: stop\nstop:\n  collect.stop: listen\n  next: bye",
        _LISTENS,
        code="API008",
    ),
    ("API018", "impossible-choice"): page(
        "A key longer than `digits.max`, one that ends the input, or a phrase without a word.",
        "No caller can ever enter it.",
        'menu:\n  ask:\n    prompt: "Press 12."\n    digits: {max: 1}\n    choices: {sales: {keys: ["12"]}}\n  next: bye',
        'menu:\n  ask:\n    prompt: "Press 12."\n    digits: {max: 2}\n    choices: {sales: {keys: ["12"]}}\n  next: bye',
        code="API018",
    ),
    ("CAL001", "bad-hours"): page(
        "Hours of a calendar that end before they begin, overlap, or are not in their order.",
        "Nobody could say whether it is open.",
        "hours: {monday: 18:00-08:00}",
        "hours: {monday: 08:00-18:00}",
    ),
    ("CAL002", "impossible-date"): page(
        "A date that is in no year.",
        "The holiday would never come.",
        'holidays: {"02-30": Nobody\'s Day}',
        'holidays: {"02-28": Nobody\'s Day}',
    ),
    ("CAL003", "unknown-zone"): page(
        "A time zone that does not exist.",
        "Opening hours cannot be told without one.",
        "zone: Europe/Berln",
        "zone: Europe/Berlin",
    ),
    ("CAL004", "duplicate-date"): page(
        "A date that is both a holiday and an exception.",
        "One says closed, the other says when it is open.",
        'holidays: {"2026-12-24": Christmas Eve}\nexceptions: {"2026-12-24": 08:00-12:00}',
        'exceptions: {"2026-12-24": 08:00-12:00}',
    ),
}
