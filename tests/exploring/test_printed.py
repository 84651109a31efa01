"""The case of a counterexample fails when it is pasted, wherever a case can say so."""

from pathlib import Path

import pytest

from engine.project import exploring, testing
from engine.simulate.explore import Bounds

HOLDS = """
flow: holds
language: 1
start: listen
steps:
  listen: {collect: {digits: {max: 1}, start_input_timers: false}, background: true, next: music}
  music: {play: {play: [{audio: "https://cdn.example.com/hold.mp3"}], loop: 0}, background: true, next: hold}
  hold: {wait: 30s, next: still}
  still: {STILL, next: {accepted: tell, failures: bye}}
  tell:
    play: "You are still waiting. Press any key to leave."
    until: {listen: [digits]}
    next: {finished: more, interrupted: leave, otherwise: bye}
  more: {wait: 2s, next: bye}
  leave: {play: "All right, goodbye.", next: bye}
  bye: {end: hangup}
  gone: {end: done}
handlers: {error: bye, rejected: bye, lost: bye, hangup: gone}
"""


@pytest.mark.parametrize(
    "still", ["play.volume: {handle: music, volume: -10}", "play.pause: music", "play.stop: music"]
)
def test_case_of_an_order_is_played_at_the_moment_and_with_what_is_slow_that_make_it(
    still: str, tmp_path: Path
) -> None:
    """A key comes as the prompt is over, or given up; and the music has begun before, and once more at this moment."""
    path = tmp_path / "holds.flow.yaml"
    path.write_text(HOLDS.replace("STILL", still), encoding="utf-8")
    found = exploring.run(path, faults=0, slow=1, bounds=Bounds(), goes_on=lambda _: True)
    assert [(one.law, one.fails) for one in found.shown] == [("same-end", True)], found.shown
    tests = tmp_path / "holds.test.yaml"
    tests.write_text(f"tests: holds\ncases:\n{found.shown[0].case}", encoding="utf-8")
    (result,) = testing.run(tests).results
    assert [one.law for one in result.failures] == ["same-end"], found.shown[0].case
