import json

import pytest

from engine.wire import swml


@pytest.mark.parametrize(
    ("document", "encoded", "verbs"),
    [
        (swml.PARKING, swml.PARKING_BYTES, ["answer", "sleep"]),
        (swml.NO_ROUTE, swml.NO_ROUTE_BYTES, ["answer", "play", "hangup"]),
        (swml.UNSERVED, swml.UNSERVED_BYTES, ["answer", "play", "hangup"]),
        (swml.BUSY, swml.BUSY_BYTES, ["answer", "play", "hangup"]),
    ],
)
def test_a_document_is_answered_as_it_is(document: dict[str, object], encoded: bytes, verbs: list[str]) -> None:
    assert json.loads(encoded) == document
    assert [next(iter(method)) for method in json.loads(encoded)["sections"]["main"]] == verbs


def test_parking_never_ends() -> None:
    assert json.loads(swml.PARKING_BYTES)["sections"]["main"][1] == {"sleep": {"duration": -1}}


def test_a_dialled_call_is_parked_for_a_while() -> None:
    assert swml.parked_for(90_000)["sections"]["main"] == [{"answer": {}}, {"sleep": {"duration": 90_000}}]


@pytest.mark.parametrize(
    ("document", "parks"),
    [
        (swml.PARKING, True),
        (swml.parked_for(1), True),
        (swml.BUSY, False),
        (swml.GOOD_BYE, False),
        (None, False),
        ({"sections": {"main": [{"answer": {}}, {"sleep": {"duration": 5}}, {"transfer": {"dest": "x"}}]}}, False),
        ({"sections": {"main": ["answer", 5]}}, False),
        ({"sections": {}}, False),
    ],
)
def test_what_parks_a_call(document: dict[str, object] | None, parks: bool) -> None:
    assert swml.parks(document) is parks
