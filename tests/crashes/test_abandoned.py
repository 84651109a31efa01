"""A run is abandoned at its k-th await and at its k-th write, for every k, and taken over by the next process."""

from pathlib import Path

import pytest

from tests.crashes.cases import INBOUND, OUTBOUND, Case, Lives, everywhere

# What an abandoned process leaves lying is put away when its loop is gone, and complains about that.
pytestmark = pytest.mark.filterwarnings("ignore")


def test_a_call_that_nobody_disturbs_is_what_the_others_are_held_against(tmp_path: Path) -> None:
    lives = Lives(INBOUND, tmp_path, tried_again=True)
    assert not lives.live().abandoned
    counts = lives.audited()
    assert (counts.ended_rightly, counts.steps_entered, counts.heard, counts.unsettled_repeats) == (1, 6, 5, 0)
    assert counts.acknowledged_events == 12


@pytest.mark.timeout(300)
@pytest.mark.parametrize("tried_again", [True, False], ids=["webhooks-tried-again", "webhooks-lost"])
@pytest.mark.parametrize("case", [INBOUND, OUTBOUND], ids=lambda case: case.flow)
def test_abandoned_at_every_await_and_every_write_the_call_goes_on_and_ends_rightly(
    case: Case, tried_again: bool, tmp_path: Path
) -> None:
    found = everywhere(case, tmp_path, tried_again=tried_again)
    counts = found.counts
    assert (found.awaits > 100, found.writes > 15) == (True, True)
    assert counts.calls == found.places
    assert counts.faults == {}
    assert counts.unsettled_repeats == 0
    # A dial that was decided, and may have been sent, is not sent again: its run ends as `lost`, which is told.
    assert counts.ended_in_named_failure == counts.unsettled_dials
    assert counts.unsettled_dials <= (0 if case is INBOUND else found.places // 10)
    assert counts.steps_entered == found.undisturbed.steps_entered * counts.ended_rightly
