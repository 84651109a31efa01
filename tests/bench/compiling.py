"""What compiling costs: a flow of 300 steps, of the kinds that a real one has."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from unittest.mock import patch

import yaml

from engine.compile import compile_bundle
from engine.expr import Environment
from engine.model.bundle import Bundle
from tests.bench.machine import as_installed

STEPS = 300
_TIMES = 20
_BLOCK = """
  hello_{n}: {{play: "Welcome to desk {n} of Harbor Credit Union.", next: notice_{n}}}
  notice_{n}: {{play: "This call may be recorded.", next: hours_{n}}}
  hours_{n}:
    branch:
      - if: open(uses.hours, now)
        next: menu_{n}
      - else: closed_{n}
  closed_{n}: {{play: "We are closed at the moment.", next: when_{n}}}
  when_{n}: {{play: "We open again ${{{{ when(next_open(uses.hours, now)) }}}}.", next: record_{n}}}
  menu_{n}:
    ask:
      prompt: "For your balance, press 1, or say balance. For a person, press 0. This is menu {n}."
      digits: {{max: 1}}
      speech: {{hints: [balance, agent]}}
      initial_timeout: 6
      choices:
        balance: {{keys: ["1"], phrases: [balance, how much]}}
        person: {{keys: ["0"], phrases: [agent, a person]}}
      reprompt:
        no_input: ["I did not hear you.", "Are you still there?"]
        no_match: ["That is not one of the choices."]
      attempts: 3
    next: {{balance: number_{n}, person: desk_{n}, otherwise: sorry_{n}}}
  number_{n}:
    visits: {{max: 3, next: sorry_{n}}}
    ask:
      prompt: "Enter your number, then press pound."
      digits: {{max: 8, terminators: "#"}}
      accept: '^[0-9]{{6,8}}$'
      reprompt: {{no_match: ["Your number has six to eight digits."]}}
    next: {{digits: lookup_{n}, otherwise: sorry_{n}}}
  lookup_{n}:
    fetch:
      method: POST
      url: "${{{{ uses.api }}}}/balance"
      json: {{caller: "${{{{ call.from }}}}", number: "${{{{ steps.number_{n}.value }}}}"}}
      timeout: 4s
      retry: {{times: 2, backoff: 500ms, statuses: [502, 503]}}
      returns: {{balance: double, name: 'string?'}}
      filler: {{after: 1s, play: "One moment, please."}}
    next: {{ok: thanks_{n}, http_404: unknown_{n}, otherwise: trouble_{n}}}
  unknown_{n}: {{play: "I do not know that number.", next: number_{n}}}
  trouble_{n}: {{play: "I cannot reach our records just now.", next: desk_{n}}}
  thanks_{n}: {{play: "Thank you, ${{{{ or(steps.lookup_{n}.body.name, 'that is right') }}}}.", next: judge_{n}}}
  judge_{n}:
    branch:
      - if: steps.lookup_{n}.body.balance > 0.0 && vars.told < 3
        next: tell_{n}
      - else: nothing_{n}
  tell_{n}:
    play:
      - "Your balance is ${{{{ money(steps.lookup_{n}.body.balance, 'USD') }}}}."
      - silence: 0.7
    next: count_{n}
  nothing_{n}: {{play: "There is nothing on this account.", next: count_{n}}}
  count_{n}: {{set: {{told: vars.told + 1}}, next: again_{n}}}
  again_{n}:
    ask:
      prompt: "To hear it again, press 1. Otherwise, press 2."
      digits: {{max: 1}}
      choices: {{again: {{keys: ["1"]}}, done: {{keys: ["2"]}}}}
    next: {{again: often_{n}, done: noted_{n}, otherwise: bye_{n}}}
  often_{n}:
    branch:
      - if: vars.told < 5
        next: tell_{n}
      - else: enough_{n}
  enough_{n}: {{play: "That was all, and I have told it several times.", next: noted_{n}}}
  noted_{n}: {{set: {{name: "or(steps.lookup_{n}.body.name, 'friend')"}}, next: note_{n}}}
  note_{n}:
    fetch:
      method: POST
      url: "${{{{ uses.api }}}}/notes"
      json: {{number: "${{{{ steps.number_{n}.value }}}}", told: "${{{{ vars.told }}}}"}}
    next: {{ok: pause_{n}, otherwise: pause_{n}}}
  pause_{n}: {{wait: 1s, next: next_{n}}}
  next_{n}: {{play: "I will put you through to the next desk.", next: fresh_{n}}}
  fresh_{n}: {{set: {{told: "0"}}, next: {next}}}
  desk_{n}:
    connect:
      serial:
        - {{to: "${{{{ uses.desk }}}}", timeout: 20}}
      max_duration: 7200
    next: {{bridge_ended: gone_{n}, otherwise: away_{n}}}
  gone_{n}: {{end: hangup}}
  away_{n}: {{play: "Nobody can take your call. Please leave a message after the tone.", next: record_{n}}}
  record_{n}:
    record: {{beep: true, end_silence_timeout: 4, max_length: 120}}
    next: {{finished: bye_{n}, otherwise: sorry_{n}}}
  sorry_{n}: {{play: "I am sorry that this did not work.", next: end_{n}}}
  bye_{n}: {{play: "Thank you for calling. Goodbye.", next: end_{n}}}
  end_{n}: {{end: hangup}}
"""
"""30 steps, of the kinds and with as many expressions as the shipped flows have: of those 44 % are prompts, each tenth
a branch, an `ask`, a `set`; there are 0.7 expressions for each step."""
_DENSE = """
  menu_{n}:
    ask:
      prompt: "For your balance, press 1, or say balance. For a person, press 0. This is menu {n}."
      digits: {{max: 1}}
      speech: {{hints: [balance, agent]}}
      initial_timeout: 6
      choices:
        balance: {{keys: ["1"], phrases: [balance, how much]}}
        person: {{keys: ["0"], phrases: [agent, a person]}}
      reprompt:
        no_input: ["I did not hear you.", "Are you still there?"]
        no_match: ["That is not one of the choices."]
    next: {{balance: number_{n}, person: menu_{n}, otherwise: menu_{n}}}
  number_{n}:
    ask:
      prompt: "Enter your number, then press pound."
      digits: {{max: 8, terminators: "#"}}
      accept: '^[0-9]{{6,8}}$'
    next: {{digits: lookup_{n}, otherwise: menu_{n}}}
  lookup_{n}:
    fetch:
      method: POST
      url: "${{{{ uses.api }}}}/balance"
      json: {{caller: "${{{{ call.from }}}}", number: "${{{{ steps.number_{n}.value }}}}"}}
      timeout: 4s
      retry: {{times: 2}}
      returns: {{balance: double, name: 'string?'}}
      filler: {{after: 1s, play: "One moment, please."}}
    next: {{ok: judge_{n}, http_404: number_{n}, otherwise: menu_{n}}}
  judge_{n}:
    branch:
      - if: steps.lookup_{n}.body.balance > 0.0 && vars.told < 3
        next: tell_{n}
      - else: count_{n}
  tell_{n}:
    play: "Your balance is ${{{{ money(steps.lookup_{n}.body.balance, 'USD') }}}}, ${{{{ vars.name }}}}."
    next: count_{n}
  count_{n}:
    set: {{told: vars.told + 1, name: "or(steps.lookup_{n}.body.name, 'friend')"}}
    next: {next}
"""
"""6 steps that all compute or ask: the dearest kind of flow."""
_HEAD = """flow: long
language: 1
limits: {steps: 1000}
uses: {api: url, hours: calendar, desk: number}
vars: {told: 0, name: friend}
"""


def flow() -> bytes:
    """A flow of 300 steps as the shipped ones are, in blocks that lead from one to the next."""
    return _of_blocks(_BLOCK, STEPS // 30, "hello")


def dense() -> bytes:
    """A flow of 300 steps that all compute or ask."""
    return _of_blocks(_DENSE, STEPS // 6, "menu")


def _of_blocks(block: str, count: int, first: str) -> bytes:
    written = [block.format(n=n, next=f"{first}_{(n + 1) % count}") for n in range(count)]
    return "\n".join([f"{_HEAD}start: {first}_0\nsteps:", *written]).encode()


def measure() -> dict[str, float]:
    """Milliseconds of CPU time for one compilation: the first of a process with all that it imports, the medians of
    those that follow, and what of that is libyaml's and CEL's own, measured in turn."""
    bundle = Bundle("long", {"long.flow.yaml": flow()})
    expressions = _expressions(bundle)
    usual, heavy, floor = [], [], []
    for n in range(_TIMES):
        usual.append(_ms(partial(compile_bundle, _fresh(flow(), n))))
        heavy.append(_ms(partial(compile_bundle, _fresh(dense(), n))))
        floor.append(_ms(lambda: _alone(bundle.files["long.flow.yaml"], expressions)))
    return {
        "compile_300_steps_ms_median": round(statistics.median(usual), 1),
        "compile_300_steps_floor_ms_median": round(statistics.median(floor), 1),
        "compile_300_dense_steps_ms_median": round(statistics.median(heavy), 1),
        "compile_first_ms": _first(),
    }


def _fresh(data: bytes, n: int) -> Bundle:
    """What was read is kept by its bytes: these are others each time."""
    return Bundle("long", {"long.flow.yaml": data + b"# %d" % n})


def _ms(work: Callable[[], Any]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def _expressions(bundle: Bundle) -> set[tuple[Environment, str]]:
    """What the flow has CEL compile, each text once."""
    found: set[tuple[Environment, str]] = set()
    original = Environment.compile

    def noted(environment: Environment, source: str) -> Any:
        found.add((environment, source))
        return original(environment, source)

    with patch.object(Environment, "compile", noted):
        compiled = compile_bundle(bundle)
    assert compiled.graph is not None, compiled.diagnostics
    assert len(compiled.graph.steps) == STEPS
    return found


def _alone(data: bytes, expressions: set[tuple[Environment, str]]) -> None:
    for _ in yaml.parse(data.decode(), Loader=yaml.CSafeLoader):
        pass
    for environment, source in expressions:
        environment._written.compile(source)


def _first() -> float:
    """In a process of its own, the second one: the first has left its bytecode."""
    command = [sys.executable, "-m", __name__]
    ran = [subprocess.run(command, env=as_installed(), capture_output=True, text=True, check=True) for _ in range(2)]
    return float(ran[-1].stdout)


if __name__ == "__main__":
    compile_bundle(Bundle("long", {"long.flow.yaml": flow()}))
    print(round(time.process_time() * 1000, 1))
