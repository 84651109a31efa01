"""A file's cases in parts."""

from typing import Any

import pytest

from engine.project.parts import WHOLE, Part


@pytest.mark.parametrize("of", [1, 2, 3, 8])
@pytest.mark.parametrize("count", [0, 1, 7, 100])
def test_parts_together_are_all_cases_in_their_order(count: int, of: int) -> None:
    cases: Any = list(range(count))
    parts = [Part(index, of).among(cases) for index in range(of)]
    assert [one for part in parts for one in part] == cases
    assert max(map(len, parts)) - min(map(len, parts)) <= 1
    assert WHOLE.among(cases) == cases
