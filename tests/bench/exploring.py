"""What exploring costs: a flow of 30 steps, in every order, with one fault on each way."""

import time

from engine.compile import compile_bundle
from engine.model.bundle import Bundle
from engine.simulate.explore import Explored, explore

STEPS = 30
_BLOCK = """
  say_{n}:
    play: "This is part {n} of what there is to say."
    next: menu_{n}
  menu_{n}:
    ask:
      prompt: "To hear more, press 1. For the desk, press 2."
      digits: {{max: 1}}
      choices:
        more: {{keys: ["1"]}}
        desk: {{keys: ["2"]}}
      attempts: 1
    next: {{more: note_{n}, desk: desk, otherwise: bye}}
  note_{n}:
    set: {{part: "{n}"}}
    next: {next}
"""


def flow() -> str:
    blocks = (STEPS - 3) // 3
    text = "flow: parts\nlanguage: 1\nvars: {part: 0}\nstart: say_1\nsteps:"
    for n in range(1, blocks + 1):
        text += _BLOCK.format(n=n, next=f"say_{n + 1}" if n < blocks else "last")
    text += '\n  last:\n    play: "That is all."\n    next: bye\n'
    text += "  desk:\n    redirect: {swml: {version: 1.0.0, sections: {main: [{hangup: {}}]}}}\n"
    return text + "  bye:\n    end: hangup\n"


def explored() -> Explored:
    compiled = compile_bundle(Bundle(flow="parts", files={"parts.flow.yaml": flow().encode()}))
    assert compiled.graph is not None, compiled.diagnostics
    assert len(compiled.graph.steps) == STEPS
    return explore(compiled.graph)


def measure() -> dict[str, float]:
    """Seconds for the whole of it, and how many situations that is."""
    began = time.perf_counter()
    found = explored()
    assert found.passed, found.found
    assert not found.covered.cut
    return {
        "explore_30_steps_s": round(time.perf_counter() - began, 2),
        "explore_30_steps_states": found.covered.states,
    }
