"""Values within texts."""

import re
from collections.abc import Iterator

from tests.mutation.document import Document
from tests.mutation.independent.making import made
from tests.mutation.independent.places import calls, texts
from tests.mutation.mutant import Mutation, mutation


@made
def number_as_an_amount(of: Document) -> Iterator[Mutation | None]:
    return _said_as_it_is(of, "spell")


@made
def amount_as_a_number(of: Document) -> Iterator[Mutation | None]:
    return _said_as_it_is(of, "money")


@made
def moment_as_a_number(of: Document) -> Iterator[Mutation | None]:
    for function in ("when", "date", "time"):
        yield from _said_as_it_is(of, function)


def _said_as_it_is(of: Document, function: str) -> Iterator[Mutation | None]:
    for step, text in texts(of):
        for start, end, arguments in calls(of, text.start, text.end, function):
            yield mutation(step.name, f"{arguments[0]} without {function}", of.put_text(start, end, arguments[0]))


@made
def braces_of_another_system(of: Document) -> Iterator[Mutation | None]:
    for step, text in texts(of):
        for found in re.finditer(r"\$\{\{(.*?)\}\}", of.text[text.start : text.end], re.DOTALL):
            at = text.start + found.start()
            yield mutation(step.name, f"`{{{{{found[1]}}}}}` is said", of.put_text(at, at + 1, ""))
