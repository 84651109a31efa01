"""Libraries as values: what another look at the folder makes of the one before, and what may be bound."""

from typing import Any

import pytest

from engine.model.bundle import Bundle
from engine.project.flows import FlowFile
from engine.runner.library import Change, Library, changes, fits, fitted, library_of

FLOW = "flow: {name}\nlanguage: 1\nstart: hello\nsteps:\n  hello: {{play: {text}, next: bye}}\n  bye: {{end: hangup}}\n"
BROKEN = FLOW.replace("next: bye", "next: by")


def file(name: str = "a", text: str = "Hello.", flow: str = FLOW) -> FlowFile:
    data = flow.format(name=name, text=text).encode()
    return FlowFile(f"flows/{name}.flow.yaml", Bundle(name, {f"{name}.flow.yaml": data}))


def library(*files: FlowFile, before: Library | None = None, **unreadable: str) -> Library:
    return library_of(files, {}, unreadable=unreadable, before=before)


def test_same_files_again_are_not_compiled_again() -> None:
    before = library(file("a"), file("b"))
    after = library(file("a"), file("b", "Another."), before=before)
    assert after.served["a"] is before.served["a"]
    assert after.served["b"].bundle != before.served["b"].bundle
    assert changes(before, after) == [Change("b", "changed")]
    assert changes(after, library(file("a"), file("b", "Another."), before=after)) == []


def test_flow_comes_and_goes() -> None:
    before = library(file("a"))
    after = library(file("b"), before=before)
    assert after.names == ["b"]
    assert changes(before, after) == [Change("a", "removed"), Change("b", "new")]


def test_broken_version_is_told_once_and_the_last_good_one_stays() -> None:
    good = library(file("a"))
    broken = library(file("a", flow=BROKEN), before=good)
    assert broken.served == good.served
    (change,) = changes(good, broken)
    assert (change.what, change.lines[0]) == ("broken", broken.problems["a"][0])
    assert change.lines[0].startswith("flows/a.flow.yaml:5:31 FLW001 ")
    same = library(file("a", flow=BROKEN), before=broken)
    assert (changes(broken, same), same.served) == ([], good.served)
    assert changes(same, library(file("a"), before=same)) == [Change("a", "mended")]
    mended = library(file("a", "New."), before=same)
    assert changes(same, mended) == [Change("a", "changed")]
    assert mended.problems == {}


def test_broken_flow_that_was_never_good_is_not_served() -> None:
    first = library(file("a", flow=BROKEN))
    assert (first.names, list(first.problems)) == ([], ["a"])
    assert changes(first, library(file("a"), before=first)) == [Change("a", "new")]


def test_broken_flow_whose_file_goes_is_removed() -> None:
    good = library(file("a"))
    broken = library(file("a", flow=BROKEN), before=good)
    gone = library(before=broken)
    assert (gone.names, gone.problems) == ([], {})
    assert changes(broken, gone) == [Change("a", "removed")]


def test_unreadable_flow_keeps_its_version() -> None:
    good = library(file("a"))
    after = library(before=good, a="flows/a.flow.yaml cannot be read: Permission denied")
    assert after.served == good.served
    assert changes(good, after) == [Change("a", "broken", ("flows/a.flow.yaml cannot be read: Permission denied",))]


def test_second_file_of_a_name_is_a_problem_and_the_first_is_served() -> None:
    found = library(file("a"), file("a", "Another."))
    assert found.served["a"].bundle == file("a").bundle
    assert "another file has this name already" in found.problems["a"][0]


def test_binding_that_is_missing_makes_a_new_version_broken() -> None:
    good = library(file("a"))
    with_use = FLOW.replace("start:", "uses: {{desk: number}}\nstart:")
    after = library(file("a", flow=with_use), before=good)
    assert after.served == good.served
    assert after.problems["a"] == ("uses.desk of flow a is not bound; add it to the environment's `uses`",)


@pytest.mark.parametrize(
    ("kind", "value", "wanted"),
    [
        ("number", "+15550177", ""),
        ("number", "sip:desk@example.com", ""),
        ("number", "5550100", "a number with + and country code"),
        ("number", "call me", "a number with + and country code"),
        ("url", "https://api.example.com/v1", ""),
        ("url", "http://127.0.0.1:9000", ""),
        ("url", "wss://media.example.com/ear", ""),
        ("url", "api.example.com", "a URL with its host"),
        ("url", "ftp://api.example.com", "a URL with its host"),
        ("url", "https://", "a URL with its host"),
        ("string", "call me", ""),
    ],
)
def test_binding_is_of_the_kind_that_the_flow_declares(kind: str, value: str, wanted: str) -> None:
    bound = file("a", flow=FLOW.replace("start:", f"uses: {{{{it: {kind}}}}}\nstart:"))
    found = library_of([bound], {"it": value}).problems.get("a", ())
    assert [line.startswith(f"uses.it of flow a wants {wanted}") for line in found] == ([True] if wanted else [])


@pytest.mark.parametrize(
    ("value", "wanted", "verdict"),
    [
        ("x", "string", True),
        ("", "string", True),
        (None, "string", False),
        (1, "string", False),
        (1, "int", True),
        (True, "int", False),
        (2**63 - 1, "int", True),
        (2**63, "int", False),
        (-(2**63), "int", True),
        (1.0, "int", False),
        (1, "double", True),
        (1.5, "double", True),
        ("1.5", "double", False),
        (10**400, "double", False),
        (True, "bool", True),
        (1, "bool", False),
        ([], "string", False),
        ({}, "string", False),
    ],
)
def test_fits_value_of_type_verdict(value: Any, wanted: str, verdict: bool) -> None:
    assert fits(value, wanted) is verdict


def test_fitted_whole_number_becomes_a_double() -> None:
    assert repr(fitted(3, "double")) == "3.0"
    assert fitted("3", "string") == "3"
