"""Webhooks past ASGI: answered as the long way answers them, which `test_app.py` is about."""

import pytest

from engine.webhook.app import WebhookApp
from engine.webhook.intake import Refused, Unavailable
from tests.unit.webhook.test_app import URL, Pretended


def by_shortcut(app: WebhookApp, body: bytes, path: str = "/webhooks/good", method: str = "POST") -> int | None:
    """The status; None: it is not for the shortcut."""
    headers = [(b"content-length", str(len(body)).encode())]
    take = app.shortcut({"method": method, "path": path, "headers": headers, "query_string": b""})
    statuses: list[int] = []
    if take is not None:
        take(body, lambda status, _: statuses.append(status))
    return statuses[0] if statuses else None


def test_shortcut_answers_as_the_long_way_does_and_is_counted() -> None:
    intake = Pretended()
    app = WebhookApp(intake, public_url=URL)
    assert by_shortcut(app, b'{"state": "playing"}') == 200
    assert by_shortcut(app, b"{") == 400
    for fail, status in ((Unavailable("no"), 503), (Refused(410, "late"), 410), (ZeroDivisionError("made up"), 500)):
        intake.fail = fail
        assert by_shortcut(app, b'{"state": "playing"}') == status
    intake.fail, intake.known = None, False
    assert by_shortcut(app, b'{"state": "playing"}') == 404
    assert intake.statuses == [200, 400, 503, 410, 500, 404]
    signed = WebhookApp(intake, public_url=URL, signing_key="key", demand="all_signed")
    assert by_shortcut(signed, b'{"state": "playing"}') == 403


@pytest.mark.parametrize(
    ("path", "method"),
    [("/webhooks/bad", "POST"), ("/webhooks/good", "GET"), ("/runs", "POST"), ("/calls/inbound", "POST")],
)
def test_shortcut_is_for_webhooks_with_a_token_alone(path: str, method: str) -> None:
    assert by_shortcut(WebhookApp(Pretended(), public_url=URL), b"{}", path, method) is None
