"""Subflows, signals, and the files beside a flow: SWML and calendars."""

import re
from collections.abc import Iterator

from engine.compile.located import Mapping, Scalar
from tests.mutation.document import Document, below
from tests.mutation.mutant import Mutation, kind, mutation

_BACK = re.compile(r"[^\n]*resume\('(\w+)'\)[^\n]*\n?")


@kind("A subflow is not given all of its inputs.", notices="nothing: the flow is refused")
def input_not_given(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("subflow"):
        given = below(step.value, "with")
        for name, _ in given.entries if isinstance(given, Mapping) else ():
            assert isinstance(given, Mapping)
            one = of.drop(given, name.text) if len(given.entries) > 1 else None
            whole = of.drop(step.value, "with") if isinstance(step.value, Mapping) else None
            yield mutation(f"{step.name}.{name.text}", "not given", one or whole)


@kind("A subflow's name is misspelt.", notices="nothing: the flow is refused")
def subflow_misspelt(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("subflow"):
        node = below(step.value, "flow")
        if isinstance(node, Scalar):
            yield mutation(step.name, f"{node.text} misspelt", of.put(node, f"{node.text}s"))


@kind(
    "An outcome that a subflow returns is renamed in the subflow alone.",
    notices="nothing: the flow is refused, or its `otherwise` takes it",
)
def return_renamed(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("return"):
        node = below(step.value, "outcome") if isinstance(step.value, Mapping) else step.value
        if isinstance(node, Scalar):
            yield mutation(step.name, f"{node.text}_ok", of.put(node, f"{node.text}_ok"))


@kind(
    "A subflow returns another outcome of its own.",
    notices="the caller is taken for somebody else, or a failure for a success",
)
def return_of_another(of: Document) -> Iterator[Mutation | None]:
    returns = []
    for step in of.of_verb("return"):
        node = below(step.value, "outcome") if isinstance(step.value, Mapping) else step.value
        if isinstance(node, Scalar):
            returns.append((step, node))
    for step, node in returns:
        other = next((one.text for _, one in returns if one.text != node.text), "")
        if other:
            yield mutation(step.name, f"{other}, not {node.text}", of.put(node, other))


@kind("A field that a subflow returns is left out.", notices="nothing: the flow is refused, or a default is said")
def returned_field_dropped(of: Document) -> Iterator[Mutation | None]:
    for step in of.of_verb("return"):
        given = below(step.value, "with")
        for name, _ in given.entries if isinstance(given, Mapping) else ():
            assert isinstance(given, Mapping)
            one = of.drop(given, name.text) if len(given.entries) > 1 else None
            whole = of.drop(step.value, "with") if isinstance(step.value, Mapping) else None
            yield mutation(f"{step.name}.{name.text}", "not returned", one or whole)


@kind(
    "A signal is renamed where it is declared, and not where it is handled.",
    notices="what a supervisor sends never arrives",
)
def signal_renamed(of: Document) -> Iterator[Mutation | None]:
    for name, _ in of.section("signals").entries:
        yield mutation(f"signals.{name.text}", "renamed", of.put(name, f"{name.text}_note"))


@kind("A signal's handler is left out.", notices="what a supervisor sends is not told")
def signal_not_handled(of: Document) -> Iterator[Mutation | None]:
    handlers = of.section("handlers")
    for name, _ in handlers.entries:
        if name.text.startswith("signal."):
            yield mutation(f"handlers.{name.text}", "left out", of.drop(handlers, name.text))


@kind(
    "SWML does not come back: the `transfer` to the way back is left out.",
    notices="silence, then the call is fetched back or ends",
    file="swml",
)
def swml_without_way_back(of: Document) -> Iterator[Mutation | None]:
    for found in _BACK.finditer(of.text):
        line = found[0]
        if "transfer" in line and line.lstrip().startswith("-"):
            indent = line[: line.index("-")]
            yield mutation(
                found[1], "no way back", of.put_text(found.start(), found.end(), f"{indent}- hangup: {{}}\n")
            )
        else:
            yield mutation(found[1], "no way back", of.put_text(found.start(), found.end(), _elsewhere(line)))


@kind("SWML comes back with another outcome.", notices="who has paid is told that it did not work", file="swml")
def swml_outcome_of_another(of: Document) -> Iterator[Mutation | None]:
    names = [found[1] for found in _BACK.finditer(of.text)]
    for found in _BACK.finditer(of.text):
        other = next((one for one in names if one != found[1]), "")
        if other:
            wrong = found[0].replace(f"'{found[1]}'", f"'{other}'")
            yield mutation(found[1], f"{other}", of.put_text(found.start(), found.end(), wrong))


@kind(
    "SWML comes back with an outcome that the flow does not know.", notices="nothing: the flow is refused", file="swml"
)
def swml_outcome_misspelt(of: Document) -> Iterator[Mutation | None]:
    for found in _BACK.finditer(of.text):
        wrong = found[0].replace(f"'{found[1]}'", f"'{found[1]}s'")
        yield mutation(found[1], "misspelt", of.put_text(found.start(), found.end(), wrong))


@kind("A day of the week is left out of a calendar.", notices="closed all day, on that day", file=".calendar.yaml")
def day_dropped(of: Document) -> Iterator[Mutation | None]:
    for name, node in of.section("hours").entries:
        if isinstance(node, Scalar) and node.text != "closed":
            yield mutation(name.text, "left out", of.drop(of.section("hours"), name.text))


@kind("The hours of a day end before they begin.", notices="closed all day, on that day", file=".calendar.yaml")
def hours_turned(of: Document) -> Iterator[Mutation | None]:
    for name, node in of.section("hours").entries:
        found = re.fullmatch(r"(\d\d:\d\d)-(\d\d:\d\d)", node.text) if isinstance(node, Scalar) else None
        if found:
            yield mutation(name.text, "turned", of.put(node, f"{found[2]}-{found[1]}"))


@kind(
    "Afternoon hours are written as those of the morning (05:00 for 17:00).",
    notices="closed in the afternoon",
    file=".calendar.yaml",
)
def afternoon_is_morning(of: Document) -> Iterator[Mutation | None]:
    for name, node in of.section("hours").entries:
        found = re.fullmatch(r"(\d\d:\d\d)-1([5-9]):(\d\d)", node.text) if isinstance(node, Scalar) else None
        if found:
            wrong = f"{found[1]}-0{int(found[2]) - 2}:{found[3]}"
            yield mutation(name.text, wrong, of.put(node, wrong))


@kind("The time zone is that of another coast.", notices="three hours too late or too early", file=".calendar.yaml")
def zone_of_another(of: Document) -> Iterator[Mutation | None]:
    node = of.at("zone")
    if isinstance(node, Scalar):
        other = "America/Los_Angeles" if "Los_Angeles" not in node.text else "America/New_York"
        yield mutation("zone", other, of.put(node, other))


@kind("The time zone does not exist.", notices="nothing: the calendar is refused", file=".calendar.yaml")
def zone_of_nobody(of: Document) -> Iterator[Mutation | None]:
    node = of.at("zone")
    if isinstance(node, Scalar):
        yield mutation("zone", "misspelt", of.put(node, f"{node.text}s"))


@kind("A holiday is left out of a calendar.", notices="it rings on Christmas where nobody is", file=".calendar.yaml")
def holiday_dropped(of: Document) -> Iterator[Mutation | None]:
    for name, _ in of.section("holidays").entries:
        yield mutation(name.text, "left out", of.drop(of.section("holidays"), name.text))


@kind("A date is one that no year has.", notices="nothing: the calendar is refused", file=".calendar.yaml")
def date_of_no_year(of: Document) -> Iterator[Mutation | None]:
    for name, _ in of.section("holidays").entries:
        yield mutation(name.text, "31st of a short month", of.put(name, '"' + name.text[:-5] + '02-30"'))


def _elsewhere(line: str) -> str:
    return re.sub(r"\$\{\{\s*resume\('\w+'\)\s*\}\}", "https://example.com/over", line)
