import pytest

from engine.calling.space import base_url, headers
from engine.model.errors import ConfigurationError


@pytest.mark.parametrize(
    ("space", "url"),
    [
        ("example.signalwire.com", "https://example.signalwire.com"),
        ("example.signalwire.com:8443", "https://example.signalwire.com:8443"),
        ("localhost:8080", "http://localhost:8080"),
        ("LOCALHOST", "http://LOCALHOST"),
        ("sandbox.localhost:1", "http://sandbox.localhost:1"),
        ("127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("127.8.9.1", "http://127.8.9.1"),
        ("[::1]:8080", "http://[::1]:8080"),
        ("[2001:db8::1]:8080", "https://[2001:db8::1]:8080"),
        ("10.0.0.1", "https://10.0.0.1"),
        ("localhost.example.com", "https://localhost.example.com"),
        ("127.0.0.1.example.com", "https://127.0.0.1.example.com"),
    ],
)
def test_only_a_loopback_space_is_spoken_to_in_the_clear(space: str, url: str) -> None:
    assert base_url(space) == url


@pytest.mark.parametrize(
    "space", ["", "https://a.example", "a.example/api", "user@a.example", "a example", "a\n", "a?b", "a#b"]
)
def test_what_is_not_a_host_is_refused(space: str) -> None:
    with pytest.raises(ConfigurationError, match="space") as caught:
        base_url(space)
    assert "SIGNALWIRE_SPACE" in caught.value.help


@pytest.mark.parametrize(("project", "token"), [("", "t"), ("p", ""), ("p\n", "t"), ("p", "t\r\nX-Evil: 1")])
def test_credentials_that_cannot_be_right_are_refused(project: str, token: str) -> None:
    with pytest.raises(ConfigurationError, match="is empty or has a line break"):
        headers(project, token)


def test_credentials_are_not_shown_in_errors() -> None:
    with pytest.raises(ConfigurationError) as caught:
        headers("p", "very-secret\n")
    assert "very-secret" not in str(caught.value)
