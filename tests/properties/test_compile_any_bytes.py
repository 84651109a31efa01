"""Whatever a file holds, compiling it gives diagnostics that lie within it, each place once, in order."""

from hypothesis import example, given
from hypothesis import strategies as st

from engine.compile import Compiled, compile_bundle
from engine.model.bundle import Bundle
from engine.model.diagnostics import Span
from tests.compile.corpus import HERE, flows

FLOWS = [path.read_bytes() for folder in ("ok", "err") for path in flows(folder)]
BESIDE = {f"swml/{one.name}": one.read_bytes() for one in sorted((HERE / "err" / "swml").iterdir())}
TOKENS = [
    *[": ", "- ", "{", "}", "[", "]", "'", '"', "|", ">", "#", " #", "&a", "*a", "!x", "${{", "}}", "\n", "\t", "  ", "\\"],
    *["steps:", "next: ", "if: ", "play: ", "collect: ", "ask: ", "set: ", "branch:\n", "wait: ", "null", "true", "5", "-1", "5s", "1e999", "---"],
    *["\r\n", "\u2028", "\x85", "\ufeff", "é", "😀", "\x00", "<<: ", "? ", "steps.a.digits", "vars.", "("],
]  # fmt: skip
MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from(["insert", "delete", "replace", "swap lines", "drop line", "repeat line"]),
        st.integers(0, 10_000),
        st.integers(1, 12),
        st.sampled_from(TOKENS),
    ),
    min_size=1,
    max_size=4,
)


def mutated(text: str, mutations: list[tuple[str, int, int, str]]) -> str:
    for kind, place, length, token in mutations:
        at = place % (len(text) + 1)
        lines = text.split("\n")
        line = place % len(lines)
        match kind:
            case "insert":
                text = text[:at] + token + text[at:]
            case "delete":
                text = text[:at] + text[at + length :]
            case "replace":
                text = text[:at] + token + text[at + length :]
            case "swap lines":
                other = (line + length) % len(lines)
                lines[line], lines[other] = lines[other], lines[line]
                text = "\n".join(lines)
            case "drop line":
                text = "\n".join(lines[:line] + lines[line + 1 :])
            case _:
                text = "\n".join([*lines[: line + 1], *lines[line:]])
    return text


def compiled(data: bytes) -> Compiled:
    return compile_bundle(Bundle("f", {"f.flow.yaml": data, **BESIDE}))


def check(data: bytes) -> None:
    result = compiled(data)
    assert result.diagnostics == compiled(data).diagnostics
    assert (result.graph is None) == any(one.severity == "error" for one in result.diagnostics)
    for file in {one.file for one in result.diagnostics}:
        spans = [one.span for one in result.diagnostics if one.file == file]
        _check_places(spans, BESIDE.get(file, data).decode("utf-8-sig", errors="replace"))


def _check_places(spans: list[Span], text: str) -> None:
    assert spans == sorted(spans)
    assert len({*spans}) == len(spans)
    lines = [len(line) for line in text.split("\n")]
    for span in spans:
        assert (span.line, span.column) < (span.end_line, span.end_column)
        for line, column in ((span.line, span.column), (span.end_line, span.end_column)):
            assert 1 <= line <= len(lines)
            assert 1 <= column <= lines[line - 1] + 2  # the end is exclusive, and may stand behind the line


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    check(data)


@example("&")
@given(st.text(alphabet="abx:-[]{}'\"|>#&*!?%@` \n\t,.$\\", max_size=120))
def test_any_text_of_the_characters_that_mean_something(text: str) -> None:
    check(text.encode())


@given(st.sampled_from(FLOWS), MUTATIONS)
def test_flow_with_mistakes_made_at_random(flow: bytes, mutations: list[tuple[str, int, int, str]]) -> None:
    check(mutated(flow.decode(), mutations).encode())


@given(st.sampled_from(FLOWS), st.integers(0, 10_000), st.binary(min_size=1, max_size=3))
def test_flow_with_bytes_that_are_no_text(flow: bytes, place: int, more: bytes) -> None:
    at = place % len(flow)
    check(flow[:at] + more + flow[at:])
