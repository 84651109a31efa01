"""Every target for a moment, and what was found before. Longer: `python -m tests.fuzz`."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.corpus import HERE, seeds, spoilt
from tests.fuzz.pipelines import Pipeline, pipelines
from tests.fuzz.server import serving
from tests.fuzz.targets import targets

TARGETS = targets()
ONE_BY_ONE = settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)


@pytest.mark.parametrize("name", TARGETS)
def test_no_input_crashes(name: str) -> None:
    @ONE_BY_ONE
    @given(TARGETS[name].example)
    def any_input(data: bytes) -> None:
        TARGETS[name].take(data)

    any_input()


def test_no_request_crashes_the_server() -> None:
    with serving() as server:

        @ONE_BY_ONE
        @given(spoilt(seeds("requests"), "http") | st.binary(max_size=200))
        def any_request(data: bytes) -> None:
            server.take(data)

        any_request()
        _all("requests", server.take)


def test_each_request_behind_another_gets_its_own_answer() -> None:
    with serving() as server:

        @ONE_BY_ONE
        @given(pipelines())
        def any_pipeline(given: Pipeline) -> None:
            server.take_pipeline(given)

        any_pipeline()


@pytest.mark.parametrize("name", [name for name in TARGETS if (HERE / name).is_dir()])
def test_what_was_found_before(name: str) -> None:
    _all(name, TARGETS[name].take)


def _all(name: str, take: Callable[[bytes], None]) -> None:
    for data in seeds(name):
        take(data)


def test_corpus_is_small() -> None:
    files = [path for path in HERE.rglob("*") if path.is_file()]
    assert len(files) < 200
    assert sum(path.stat().st_size for path in files) < 200_000
