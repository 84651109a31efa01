"""What the fuzzer begins with: sound and unsound examples of each kind, and changes to them."""

from functools import cache
from pathlib import Path

from hypothesis import strategies as st

HERE = Path(__file__).resolve().parent / "corpus"
FLOWS = Path(__file__).resolve().parents[2] / "flows"
_MOST = 200_000
_SHIPPED = 12_000

TOKENS: dict[str, list[bytes]] = {
    "json": [
        *[b"null", b"true", b"-1", b"1e999", b"0.1", b'""', b"[]", b"{}", b'{"a":', b"[[[[", b"]", b"}", b",", b'"\\ud800"'],
        *[b'"\\u0000"', b"99999999999999999999", b"NaN", b'"params"', b'"state"', b'"result"', b'"type"', b"\xff", b"\x00"],
    ],
    "http": [
        *[b"\r\n", b"\r\n\r\n", b" ", b":", b"\x00", b"\xff", b"HTTP/1.1", b"HTTP/2.0", b"GET", b"POST", b"PRI", b"CONNECT"],
        *[b"Content-Length: -1\r\n", b"Content-Length: 99999999999999999999\r\n", b"Transfer-Encoding: chunked\r\n"],
        *[b"Expect: 100-continue\r\n", b"Connection: upgrade\r\nUpgrade: websocket\r\n", b"5\r\nabcde\r\n", b"%00", b"%ff", b"/../"],
        *[b"X-SignalWire-Signature: \xe9\r\n", b"Authorization: Bearer \xff\r\n", b"Host:\r\n", b"?", b"#", b"*", b"//"],
    ],
    "yaml": [
        *[b": ", b"- ", b"{", b"}", b"[", b"]", b"'", b'"', b"|\n", b">\n", b"#", b"&a ", b"*a", b"!x ", b"<<: ", b"? ", b"---\n"],
        *[b"${{", b"}}", b"\n", b"\t", b"  ", b"\\", b"null", b"true", b"5s", b"1e999", b"\xff", b"\x00", b"\xe2\x80\xa8", b"\xf0\x9f\x98\x80"],
        *[b"steps:\n", b"next: ", b"ask: ", b"play: ", b"branch:\n", b"handlers:\n", b"accept: '(a+)+$'", b"expect:\n", b"cases:\n"],
    ],
    "file": [b"\x00" * 16, b"\xff" * 16, b"SQLite format 3\x00", b"\x01", b"\x7f\xff\xff\xff"],
}  # fmt: skip


@cache
def seeds(target: str) -> tuple[bytes, ...]:
    """Of flows and tests the shipped ones too."""
    found = [path.read_bytes() for path in sorted((HERE / target).iterdir())]
    if target in ("flows", "tests"):
        pattern = "*.flow.yaml" if target == "flows" else "*.test.yaml"
        found += [path.read_bytes() for path in sorted(FLOWS.glob(pattern)) if path.stat().st_size < _SHIPPED]
    return tuple(found)


def spoilt(from_: tuple[bytes, ...], tokens: str) -> st.SearchStrategy[bytes]:
    """One of these with up to eight changes, now and then none."""
    change = st.tuples(
        st.sampled_from(("insert", "delete", "replace", "repeat", "splice", "cut", "flip")),
        st.integers(0, _MOST),
        st.integers(1, 64),
        st.sampled_from(TOKENS[tokens]) | st.binary(max_size=8),
        st.sampled_from(from_),
    )
    return st.builds(_changed, st.sampled_from(from_), st.lists(change, max_size=8))


def _changed(data: bytes, changes: list[tuple[str, int, int, bytes, bytes]]) -> bytes:
    for kind, place, length, token, other in changes:
        at = place % (len(data) + 1)
        match kind:
            case "insert":
                data = data[:at] + token + data[at:]
            case "delete":
                data = data[:at] + data[at + length :]
            case "replace":
                data = data[:at] + token + data[at + length :]
            case "repeat":
                data = data[:at] + data[at : at + length] * (length % 20) + data[at:]
            case "splice":
                data = data[:at] + other[place % (len(other) + 1) :]
            case "cut":
                data = data[:at]
            case _:
                data = data[:at] + bytes([byte ^ (1 << length % 8) for byte in data[at : at + 1]]) + data[at + 1 :]
    return data[:_MOST]
