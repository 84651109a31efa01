"""FLW: where steps lead."""

from collections.abc import Mapping

from engine.lint.diagnosed.page import page

_MENU = """
menu:
  ask:
    prompt: "For sales, press 1. For service, press 2."
    digits: {max: 1}
    choices:
      sales: {keys: ["1"]}
      service: {keys: ["2"]}
  next: {sales: bye, service: bye, otherwise: bye}
"""

PAGES: Mapping[tuple[str, str], str] = {
    ("FLW001", "dangling-target"): page(
        "There is no such step.",
        "A run that gets there could not go on.",
        'hello:\n  play: "Hello."\n  next: By\nbye:\n  end: hangup',
        'hello:\n  play: "Hello."\n  next: bye\nbye:\n  end: hangup',
        what="Marks the name, wherever a step may be named: in `next`, `start`, `handlers`, `limits`, a branch, a choice, and also"
        " in a step whose verb is not known. The nearest name is offered; the unsafe fix writes it.",
    ),
    ("FLW003", "dead-end"): page(
        "A step that does not say what comes next.",
        "The call would stay open, with nobody in it but the caller.",
        'hello:\n  play: "Hello."',
        'hello:\n  play: "Hello."\n  next: bye',
        code="FLW003",
    ),
    ("FLW007", "outcome-not-handled"): page(
        "An ordinary outcome that leads nowhere.",
        "Callers who say nothing are as ordinary as those who press a key.",
        _MENU.replace(", otherwise: bye", ""),
        _MENU,
        code="FLW007",
    ),
    ("FLW008", "overlapping-choices"): page(
        "A key or a phrase of two choices, or a key that begins with another choice's.",
        "Nobody could tell which one the caller meant.",
        _MENU.replace('["2"]', '["1"]'),
        _MENU,
        code="FLW008",
    ),
    ("FLW009", "else-last"): page(
        "A `branch` whose last entry is not `else`, or an `else` before it.",
        "What stands behind `else` is never looked at, and without it a call may have nowhere to go.",
        "who:\n  branch:\n    - if: call.from == ''\n      next: menu\n    - if: call.to == ''\n      next: bye",
        "who:\n  branch:\n    - if: call.from == ''\n      next: menu\n    - else: bye",
        code="FLW009",
    ),
    ("FLW013", "unknown-outcome"): page(
        "An outcome that this step never has.",
        "The way is never taken, and the outcome that was meant is not handled.",
        'hello:\n  play: "Hello."\n  next: {finished: bye, no_input: bye}',
        'hello:\n  play: "Hello."\n  next: {finished: bye}',
        code="FLW013",
    ),
    ("FLW015", "bad-swml"): page(
        "A SWML file that is not there, cannot be read, or has no `sections.main`.",
        "The call would be handed to nothing.",
        "away:\n  redirect: {swml: nowhere.yaml}",
        "away:\n  redirect: {swml: desk.yaml}",
        code="FLW015",
    ),
    ("FLW010", "recursion"): page(
        "A subflow that calls itself, directly or through others.",
        "Each call is a place to come back to; a run could not keep them all.",
        "again:\n  subflow: {flow: example}\n  next: bye",
        'again:\n  play: "Once more."\n  next: bye',
        code="FLW010",
    ),
    ("FLW016", "no-such-flow"): page(
        "A `subflow` that names a flow which is not there.",
        "Flows that others call are files `flows/lib/<name>.flow.yaml`.",
        "pin:\n  subflow: {flow: nowhere}\n  next: bye",
        "pin:\n  subflow: {flow: enter_pin}\n  next: bye",
    ),
    ("FLW017", "broken-flow"): page(
        "A `subflow` that names a flow with mistakes of its own.",
        "A flow can be run only with all that it calls; the mistakes are reported for the other file.",
        "pin:\n  subflow: {flow: enter_pin} # which does not compile",
        "pin:\n  subflow: {flow: enter_pin} # which does",
    ),
    ("FLW018", "nothing-to-resume"): page(
        "`next: resume` on a way on which no handler has interrupted anything.",
        "There is no step to go back to, so the call would be hung up.",
        """
menu:
  play: "Hello."
  next: resume
""",
        """
menu:
  play: "Hello."
  next: bye
""",
        code="FLW018",
    ),
    ("FLW019", "odd-swml"): page(
        "SWML that the vendor's own schema refuses: an unknown method, a key that is missing or has another type. It is "
        "looked for where the extra `swml` is installed (`pip install offhook[swml]`).",
        "The platform would end the call there. A warning, because the schema may be behind the platform.",
        """
queue:
  excursion: {swml: {sections: {main: [{slep: {duration: 3}}]}}, deadline: 10m}
  next: bye
""",
        """
queue:
  excursion: {swml: {sections: {main: [{sleep: {duration: 3}}]}}, deadline: 10m}
  next: bye
""",
    ),
    ("FLW027", "visits-to-itself"): page(
        "A step whose `visits.next` is the step itself.",
        "It would be entered again because it may not be entered any more: the run would go round without a sound until its"
        " steps are used up.",
        'hello:\n  visits: {max: 3, next: hello}\n  play: "Hello."\n  next: bye',
        'hello:\n  visits: {max: 3, next: bye}\n  play: "Hello."\n  next: bye',
        code="FLW027",
    ),
}
