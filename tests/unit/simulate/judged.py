"""One case of one flow, read and run as `offhook test` does, without a disk."""

from msgspec import Struct

from engine.model.diagnostics import Diagnostic
from engine.model.graph import FlowGraph
from engine.simulate import simulate
from engine.simulate.cases import against, given, reading
from engine.simulate.cases.failing import Failure
from engine.simulate.cases.judging import judge
from engine.simulate.outcome import Outcome
from engine.simulate.transcript import Line
from tests.playbooks.machine import compiled

FLOW = compiled("""
uses: {api: url, desk: number}
vars: {tries: 0, name: ""}
signals: {ready: {text: string}}
start: menu
steps:
  menu:
    ask:
      prompt: "Press one or two."
      digits: {max: 1, terminators: "#"}
      choices: {one: {keys: ["1"]}, two: {keys: ["2"]}}
      attempts: 2
    next: {one: look, two: hold, otherwise: count}
  count:
    set: {tries: vars.tries + 1}
    next: bye
  look:
    fetch: {method: POST, url: "${{ uses.api }}/who", json: {id: 7}, returns: {name: string}}
    next: {ok: tell, http_404: bye, otherwise: bye}
  tell:
    set: {name: steps.look.body.name}
    next: thanks
  thanks:
    play: "Thank you, ${{ vars.name }}."
    next: bye
  hold:
    wait: {signal: ready, timeout: 60s}
    next: {done: desk, timeout: bye}
  desk:
    connect: {to: "${{ uses.desk }}"}
    next: {bridge_ended: bye, otherwise: over}
  bye:
    end: hangup
  over:
    end: done
""")
"""What most cases are told of."""


class Judged(Struct, frozen=True, kw_only=True):
    """`outcome` is None where the case itself is wrong. `text` is the whole test file."""

    text: str
    diagnostics: tuple[Diagnostic, ...]
    outcome: Outcome | None = None
    failures: tuple[Failure, ...] = ()
    transcript: tuple[Line, ...] = ()

    @property
    def said(self) -> str:
        """All messages with their help, one a line, and the lines that they are about."""
        lines = self.text.splitlines()
        found = [(one.span, f"{one.code} {one.message}", one.help) for one in self.diagnostics]
        found += [(one.at, one.message, one.help) for one in self.failures]
        return "\n".join(f"[{lines[at.line - 1].strip()}] {message} {advice}".rstrip() for at, message, advice in found)

    @property
    def marked(self) -> list[str]:
        """What stands in the transcript where the call went another way."""
        marks = [one.mark for one in self.failures if one.mark is not None]
        return [f"{self.transcript[mark].what} {self.transcript[mark].step}".strip() for mark in marks]


def judged(graph: FlowGraph, case: str) -> Judged:
    """`case` is the text of one case, without its name."""
    body = "".join(f"    {line}\n" for line in case.strip("\n").splitlines())
    text = f"tests: story\ncases:\n  x:\n{body}"
    tests = reading.read("story.test.yaml", "story", text.encode())
    if not tests.cases:
        return Judged(text=text, diagnostics=tests.diagnostics)
    (one,) = tests.cases
    against.check(one, graph)
    said = given.read(one, graph, {})
    if tests.diagnostics:
        return Judged(text=text, diagnostics=tests.diagnostics)
    outcome = simulate(graph, said.scenario)
    transcript = tuple(outcome.transcript)
    failures = judge(one, said.script, outcome)
    return Judged(text=text, diagnostics=(), outcome=outcome, failures=failures, transcript=transcript)
