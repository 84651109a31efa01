"""Nothing that can happen to a run is without its line in the table."""

from typing import get_args

from engine.interpret.advance import _TAKES
from engine.model.events import AnyEvent


def test_every_kind_of_event_is_taken() -> None:
    assert set(_TAKES) == set(get_args(AnyEvent))
