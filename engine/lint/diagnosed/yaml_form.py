"""SYN: what is written, before what it means."""

from collections.abc import Mapping

from engine.lint.diagnosed.page import page

_GOOD = """
hello:
  play: "Thank you for calling."
  next: bye
"""

PAGES: Mapping[tuple[str, str], str] = {
    ("SYN001", "yaml-error"): page(
        "This is not YAML; usually a quote, a bracket or the indentation.",
        "A block that cannot be read is left out, and the rest of the file is checked all the same.",
        'hello:\n  play: "Thank you for calling.\n  next: bye',
        'hello:\n  play: "Thank you for calling."\n  next: bye',
        what="Marks the sign or the line that is not YAML, and for a quote or a bracket that is not closed the place where it is"
        " opened. The step or the section around it is left out, and the rest of the file is checked all the same.",
        limits="A quote that is missing on the left makes a text that is right for YAML, with a quote in it. After twenty blocks"
        " that are no YAML the file is not read on.",
    ),
    ("SYN002", "duplicate-key"): page(
        "The same key stands twice in one mapping.",
        "Most readers of YAML keep the last one without a word, so what was written first is lost.",
        'hello:\n  play: "Hello."\n  next: bye\n  next: menu',
        _GOOD,
        code="SYN002",
    ),
    ("SYN003", "unknown-key"): page(
        "A key, a verb or a param that is not known here.",
        "What nobody reads does nothing; mostly it is a slip, and the nearest name is offered.",
        'hello:\n  pley: "Hello."\n  next: bye',
        _GOOD,
        code="SYN003",
        what="Marks the key, and offers the nearest name that may stand there; the fix writes it, and is safe for one"
        " character in a key that nothing else is wrong with. That a key is missing"
        " which was probably meant, and what would follow from its value, is not reported as well. Where a step has no verb, the"
        " steps that it leads to are looked at all the same.",
    ),
    ("SYN004", "yaml-trap"): page(
        "A part of YAML that the language leaves out: anchors, aliases, tags, merge keys, a `#` that became a comment.",
        "Each of them makes a value that does not stand where it is read.",
        'hello:\n  play: &greeting "Hello."\n  next: bye',
        _GOOD,
        code="SYN004",
        what="Marks what YAML takes for something else. An unquoted `#` or `*`, the keys of a telephone, is quoted by the safe fix.",
        limits="A `#` with a blank behind it may be a comment that is meant, so there is no fix for it where nothing stands"
        " before it. Behind a spoken text that is not quoted, a comment is a warning where it begins with a digit or follows a word"
        " such as press, pound, then or key (in English, Spanish, German and French); that fix is unsafe. The others are errors: the flow does not"
        " compile, so they cannot be ignored.",
    ),
    ("SYN005", "wrong-type"): page(
        "A value of the wrong kind: a number for a text, a duration without its unit, a word that is not on the list.",
        "The platform would refuse it, or take another unit than was meant.",
        'hello:\n  play: "Hello."\n  deadline: 30\n  next: bye',
        'hello:\n  play: "Hello."\n  deadline: 30s\n  next: bye',
        code="SYN005",
        what="Marks the value and says what is wanted. Where the value itself is right, a fix writes it in the right form: quotes"
        " that are missing or too many (safe), the unit of a duration (unsafe: seconds are only the likeliest).",
    ),
    ("SYN006", "owned-key"): page(
        "`control_id`, `status_url` or `id` is the engine's to set, and is left out.",
        "Params that are pasted from the API's reference work as they stand; the line does nothing.",
        'hello:\n  play: {play: ["Hello."], control_id: p1}\n  next: bye',
        'hello:\n  play: {play: ["Hello."]}\n  next: bye',
        limits="A warning; the safe fix removes the line where it stands on one of its own.",
    ),
    ("SYN007", "missing-key"): page(
        "A required key is missing.",
        "The command could not be sent without it.",
        "number:\n  ask: {digits: {max: 4}}\n  next: bye",
        'number:\n  ask: {prompt: "Enter your four digits.", digits: {max: 4}}\n  next: bye',
        code="SYN007",
    ),
    ("SYN008", "bad-name"): page(
        "A name with capitals or dashes, a reserved word, or a flow that is not called like its file.",
        "Names stand in expressions and in `next`, where such a name could not be read.",
        "uses:\n  Front-Desk: number",
        "uses:\n  front_desk: number",
        code="SYN008",
    ),
    ("SYN009", "not-a-flow"): page(
        "Not a mapping, empty, too large, nested too deep, not UTF-8, or not readable.",
        "There is nothing in it that could be checked.",
        "- hello\n- bye",
        "flow: hello\nlanguage: 1\nstart: hello\nsteps: ...",
    ),
    ("SYN009", "not-a-calendar"): page(
        "A calendar that is no mapping.",
        "There is nothing in it that could be checked.",
        "- monday",
        "calendar: desk\nzone: Europe/Berlin\nhours: {monday: 08:00-18:00}",
    ),
    ("SYN011", "expression-syntax"): page(
        "An expression that CEL cannot read, `${{` without `}}`, or `${{ }}` around a condition.",
        "It has no value, so the step could only fail.",
        "hours:\n  branch:\n    - if: call.from = ''\n      next: menu\n    - else: bye",
        "hours:\n  branch:\n    - if: call.from == ''\n      next: menu\n    - else: bye",
        code="SYN011",
    ),
    ("SYN012", "two-verbs"): page(
        "A step with two verbs.",
        "Nobody could tell which of them comes first.",
        'hello:\n  play: "Hello."\n  end: hangup\n  next: bye',
        _GOOD,
        code="SYN012",
    ),
    ("SYN013", "misplaced-key"): page(
        "A key that has no meaning here, or two that exclude each other.",
        "It reads as if it did something.",
        "bye:\n  end: hangup\n  deadline: 5s",
        "bye:\n  end: hangup",
        code="SYN013",
    ),
}
