"""What a URL names, and which of that an environment allows."""

import pytest

from engine.fetching.failure import NotFetched
from engine.fetching.hosts import HostPolicy, parse
from engine.model.errors import ConfigurationError

ALLOWED = [
    ("accounts.example.com", "https://accounts.example.com/x"),
    ("accounts.example.com", "https://accounts.example.com:443/x"),
    ("accounts.example.com", "HTTPS://ACCOUNTS.Example.COM./x?y#z"),
    ("Accounts.Example.com.", "https://accounts.example.com"),
    ("accounts.example.com:8443", "https://accounts.example.com:8443/"),
    ("*.example.com", "https://a.example.com"),
    ("*.example.com", "https://b.a.example.com"),
    ("http://127.0.0.1:9000", "http://127.0.0.1:9000/a"),
    ("http://127.0.0.1", "http://127.0.0.1:80/"),
    ("[::1]:8443", "https://[0:0:0:0:0:0:0:1]:8443/"),
    ("müller.example", "https://xn--mller-kva.example/"),
    ("xn--mller-kva.example", "https://MÜLLER.example/"),
]
REFUSED = [
    ("accounts.example.com", "http://accounts.example.com/"),
    ("accounts.example.com", "https://accounts.example.com:8443/"),
    ("accounts.example.com", "https://accounts.example.com.evil.example/"),
    ("accounts.example.com", "https://evil-accounts.example.com/"),
    ("accounts.example.com", "https://evil.example/accounts.example.com"),
    ("accounts.example.com", "https://evil.example/?@accounts.example.com"),
    ("accounts.example.com", "https://evil.example#@accounts.example.com"),
    ("*.example.com", "https://example.com/"),
    ("*.example.com", "https://badexample.com/"),
    ("http://127.0.0.1", "https://127.0.0.1/"),
    ("127.0.0.1", "https://2130706433/"),
    ("127.0.0.1", "https://0x7f.0.0.1/"),
    ("127.0.0.1", "https://127.1/"),
    ("127.0.0.1", "https://[::ffff:127.0.0.1]/"),
]
BAD = [
    "",
    "accounts.example.com",
    "//accounts.example.com/x",
    "/x",
    "https:accounts.example.com",
    "https:///x",
    "ftp://accounts.example.com/",
    "file:///etc/passwd",
    "unix:///run/x.sock",
    "https://kim:secret@accounts.example.com/",
    "https://kim@accounts.example.com/",
    "https://0177.0.0.1/",
    "https://accounts.example.com\\@evil.example/",
    "https://accounts.example.com%2eevil.example/",
    "https://accounts.example.com%00.evil.example/",
    "https://accounts.example.com:0/",
    "https://accounts.example.com:99999/",
    "https://accounts.example.com:x/",
    "https://accounts example.com/",
    "https://accounts.example.com/\r\nHost: evil.example",
    "https://accounts..example.com/",
    "https://１２７.0.0.1/",
    "https://[fe80::1%25eth0]/",
    "https://[::1/",
    "https://" + "a" * 300 + ".example/",
]


@pytest.mark.parametrize(("entry", "url"), ALLOWED)
def test_checked_host_that_is_listed_is_allowed(entry: str, url: str) -> None:
    policy = HostPolicy.of([entry])
    target = policy.checked(url)
    assert not policy.may_be_private(target.host, target.port)
    private = HostPolicy.of(private=[entry])
    assert private.checked(url) == target
    assert private.may_be_private(target.host, target.port)


@pytest.mark.parametrize(("entry", "url"), REFUSED)
def test_checked_host_that_is_not_listed_is_refused(entry: str, url: str) -> None:
    with pytest.raises(NotFetched) as found:
        HostPolicy.of([entry]).checked(url)
    assert (found.value.kind, found.value.code) == ("refused", "host-not-allowed")


@pytest.mark.parametrize("url", BAD)
def test_parse_what_is_no_plain_url_is_refused_and_not_quoted(url: str) -> None:
    with pytest.raises(NotFetched) as found:
        parse(url)
    assert (found.value.kind, found.value.code) == ("refused", "bad-url")
    assert "secret" not in found.value.message
    assert "evil" not in found.value.message


def test_checked_by_default_nothing_is_allowed() -> None:
    with pytest.raises(NotFetched, match=r"add it to `fetch\.hosts`"):
        HostPolicy().checked("https://accounts.example.com/")


def test_refusal_names_the_entry_that_would_allow_it() -> None:
    with pytest.raises(NotFetched) as found:
        HostPolicy().checked("http://[::1]:9000/secret?secret")
    assert "does not allow http://[::1]:9000;" in found.value.message
    assert "secret" not in found.value.message


@pytest.mark.parametrize(
    "entry",
    [
        "",
        "https://accounts.example.com",
        "ftp://accounts.example.com",
        "accounts.example.com/",
        "accounts.example.com/x",
        "http://accounts.example.com/",
        "kim@accounts.example.com",
        "accounts.example.com?",
        "*",
        "*.com",
        "*.0.0.1",
        "a.*.example.com",
        "accounts.example.com:99999",
        "a b",
    ],
)
def test_policy_of_what_is_no_host_is_a_mistake_of_the_environment(entry: str) -> None:
    with pytest.raises(ConfigurationError) as found:
        HostPolicy.of([entry])
    assert "accounts.example.com" in str(found.value.help)
