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

STEPS = 300
_TIMES = 20
_BLOCK = """
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
    next: {{balance: number_{n}, person: sorry, otherwise: sorry}}
  number_{n}:
    ask:
      prompt: "Enter your number, then press pound."
      digits: {{max: 8, terminators: "#"}}
      accept: '^[0-9]{{6,8}}$'
    next: {{digits: lookup_{n}, otherwise: sorry}}
  lookup_{n}:
    fetch:
      method: POST
      url: "${{{{ uses.api }}}}/balance"
      json: {{caller: "${{{{ call.from }}}}", number: "${{{{ steps.number_{n}.value }}}}"}}
      timeout: 4s
      retry: {{times: 2}}
      returns: {{balance: double, name: 'string?'}}
      filler: {{after: 1s, play: "One moment, please."}}
    next: {{ok: judge_{n}, http_404: number_{n}, otherwise: sorry}}
  judge_{n}:
    branch:
      - if: steps.lookup_{n}.body.balance > 0.0 && vars.tries < 3
        next: tell_{n}
      - else: count_{n}
  tell_{n}:
    play: "Your balance is ${{{{ money(steps.lookup_{n}.body.balance, 'USD') }}}}, ${{{{ vars.name }}}}."
    next: count_{n}
  count_{n}:
    set: {{tries: vars.tries + 1, name: "or(steps.lookup_{n}.body.name, 'friend')"}}
    next: {next}
"""
_BLOCK_STEPS = 6


def flow(steps: int = STEPS) -> bytes:
    """A flow of so many steps, in blocks that lead from one to the next."""
    blocks = (steps - 2) // _BLOCK_STEPS
    fillers = [f"  rest_{n}: {{wait: 1s, next: bye}}" for n in range(steps - 2 - blocks * _BLOCK_STEPS)]
    written = [_BLOCK.format(n=n, next=f"menu_{n + 1}" if n + 1 < blocks else "bye") for n in range(blocks)]
    head = "flow: long\nlanguage: 1\nuses: {api: url}\nvars: {tries: 0, name: friend}\nstart: menu_0\nsteps:"
    ends = '  sorry: {play: "We are sorry.", next: bye}\n  bye: {end: hangup}\nhandlers: {error: sorry, lost: sorry}\n'
    return "\n".join([head, *written, *fillers, ends]).encode()


def measure() -> dict[str, float]:
    """Milliseconds of CPU time for one compilation: the first of a process with all that it imports, the median of
    those that follow, and what of that is libyaml's and CEL's own, measured in turn."""
    bundle = Bundle("long", {"long.flow.yaml": flow()})
    expressions = _expressions(bundle)
    took, floor = [], []
    for n in range(_TIMES):
        # What was read is kept by its bytes: these are others each time.
        fresh = Bundle("long", {"long.flow.yaml": flow() + b"# %d" % n})
        took.append(_ms(partial(compile_bundle, fresh)))
        floor.append(_ms(lambda: _alone(bundle.files["long.flow.yaml"], expressions)))
    return {
        "compile_300_steps_ms_median": round(statistics.median(took), 1),
        "compile_300_steps_floor_ms_median": round(statistics.median(floor), 1),
        "compile_first_ms": _first(),
    }


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
        environment._env.compile(source)


def _first() -> float:
    """In a process of its own."""
    ran = subprocess.run([sys.executable, "-m", __name__], capture_output=True, text=True, check=True)
    return float(ran.stdout)


if __name__ == "__main__":
    compile_bundle(Bundle("long", {"long.flow.yaml": flow()}))
    print(round(time.process_time() * 1000, 1))
