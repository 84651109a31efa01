"""Units where there are none, or others: what a fix may take away."""

import pytest

from engine.lint.fixing import fix
from tests.lint.flow import check, small


@pytest.mark.parametrize("wrong", ["loop: 300ms", "loop: 5m", "volume: 3s"])
def test_unit_that_does_not_belong_is_not_taken_away(wrong: str) -> None:
    """A count of milliseconds has no number to keep."""
    text = small(f"  a:\n    play: {{play: [Hi.], {wrong}}}\n    next: bye\n")
    assert fix(text, check, unsafe=True).text == text


@pytest.mark.parametrize(
    ("wrong", "right"), [("loop: 3, volume: 4dB", "volume: 4}"), ("play: [{silence: 500ms}]", "silence: 0.5}")]
)
def test_unit_of_the_param_is_taken_away(wrong: str, right: str) -> None:
    given = wrong if wrong.startswith("play") else f"play: [Hi.], {wrong}"
    assert right in fix(small(f"  a:\n    play: {{{given}}}\n    next: bye\n"), check, unsafe=False).text
