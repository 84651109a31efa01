"""Services of the flow's own, and what is kept of their replies."""

from collections.abc import Iterator

from engine.compile.located import Mapping, Scalar
from tests.mutation.document import Document, Step, below, text_of
from tests.mutation.mutant import Mutation, kind, mutation

_OTHER = {"string": "int", "int": "string", "double": "string", "bool": "string"}


@kind(
    "Every outcome of a `fetch` goes where a good reply goes.", notices="when the service is down, nonsense or silence"
)
def fetch_failure_not_handled(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("fetch"):
        good = text_of(step.next, "ok")
        if good and step.next is not None:
            yield mutation(step.name, f"always goes to {good}", of.put(step.next, good))


@kind("A `fetch` goes on as if the reply were bad, whatever it is.", notices="nobody is ever helped")
def fetch_good_reply_lost(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("fetch"):
        other = text_of(step.next, "otherwise")
        if other and step.next is not None:
            yield mutation(step.name, f"always goes to {other}", of.put(step.next, other))


@kind("`filler` is left out.", notices="silence while the service thinks")
def filler_dropped(of: Document) -> Iterator[Mutation | None]:
    yield from _dropped(of, "filler")


@kind("`retry` is left out.", notices="one hiccup of the service, and the caller is sent away")
def retry_dropped(of: Document) -> Iterator[Mutation | None]:
    yield from _dropped(of, "retry")


@kind("`timeout` of a `fetch` is left out.", notices="other waits than were meant")
def fetch_timeout_dropped(of: Document) -> Iterator[Mutation | None]:
    yield from _dropped(of, "timeout")


@kind("A `fetch` is tried ten times, with long pauses.", notices="minutes of silence when the service is down")
def retry_without_end(of: Document) -> Iterator[Mutation | None]:
    for step in _fetches(of):
        if isinstance(step.value, Mapping):
            retry = step.value.get("retry")
            often = "retry: {times: 10, backoff: 10s}"
            edit = of.put_entry(step.value, "retry", often) if retry is not None else of.add(step.value, often)
            yield mutation(step.name, often, edit)


@kind("A field of the reply has another type than the service sends.", notices="every good reply counts as a bad one")
def returns_other_type(of: Document) -> Iterator[Mutation | None]:
    for step, node in _returned(of):
        name = node.text.rstrip("?")
        if name in _OTHER:
            yield mutation(step.name, f"{name} is {_OTHER[name]}", of.put(node, f'"{_OTHER[name]}"'))


@kind(
    "A field of the reply may be missing, and it is read all the same.",
    notices="an error where the service leaves it out",
)
def returns_maybe_missing(of: Document) -> Iterator[Mutation | None]:
    for step, node in _returned(of):
        if not node.text.endswith("?"):
            yield mutation(step.name, f"{node.text} may be missing", of.put(node, f'"{node.text}?"'))


@kind("A field of the reply is not kept.", notices="nothing: its name is not there")
def returns_dropped(of: Document) -> Iterator[Mutation | None]:
    for step in _fetches(of):
        found = below(step.value, "returns")
        for name, _ in found.entries if isinstance(found, Mapping) else ():
            assert isinstance(found, Mapping)
            yield mutation(f"{step.name}.{name.text}", "not kept", of.drop(found, name.text))


@kind("POST has become GET.", notices="nothing is booked or noted")
def post_is_get(of: Document) -> Iterator[Mutation | None]:
    for step in _fetches(of):
        node = below(step.value, "method")
        if isinstance(node, Scalar) and node.text != "GET":
            yield mutation(step.name, f"GET, not {node.text}", of.put(node, "GET"))


@kind("The path of a service is misspelt.", notices="what the service knows is never found")
def path_misspelt(of: Document) -> Iterator[Mutation | None]:
    for step in _fetches(of):
        node = below(step.value, "url")
        if isinstance(node, Scalar) and len(node.text) > 4:
            wrong = of.source(node)
            at = -2 if wrong[-1] in "\"'" else -1
            yield mutation(step.name, "misspelt path", of.put(node, wrong[: at - 1] + wrong[at:]))


@kind("A field of what is sent is left out.", notices="the service does not know what it is about")
def sent_field_dropped(of: Document) -> Iterator[Mutation | None]:
    for step in _fetches(of):
        found = below(step.value, "json")
        for name, _ in found.entries if isinstance(found, Mapping) else ():
            assert isinstance(found, Mapping)
            yield mutation(f"{step.name}.{name.text}", "not sent", of.drop(found, name.text))


def _fetches(of: Document) -> Iterator[Step]:
    return of.of_verb("fetch")


def _dropped(of: Document, key: str) -> Iterator[Mutation | None]:
    for step in _fetches(of):
        if isinstance(step.value, Mapping) and step.value.get(key) is not None:
            yield mutation(step.name, f"without {key}", of.drop(step.value, key))


def _returned(of: Document) -> Iterator[tuple[Step, Scalar]]:
    for step in _fetches(of):
        found = below(step.value, "returns")
        for node in of.scalars(found) if found is not None else ():
            yield step, node
