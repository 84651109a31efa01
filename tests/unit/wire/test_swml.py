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
