"""Two texts, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.diff.words import words


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Press 1.", "Press 2.", "Press -1. +2."),
        ("", "Hello.", "+Hello."),
        ("Press 1. To speak, press 0.", "Press 1. To leave a message, press 2. To speak, press 0.",
         "Press 1. +To leave a message, press 2. To speak, press 0."),
        ("To go, press 1. To stay, press 2. To end, press 3.", "To go, press 1. To end, press 3.",
         "To go, press 1. -To stay, press 2. To end, press 3."),
        ("the same", "the same", "the same"),
    ],
)  # fmt: skip
def test_words_are_marked(before: str, after: str, shown: str) -> None:
    marks = {"kept": "", "gone": "-", "come": "+"}
    assert " ".join(f"{marks[part.how]}{part.text}" for part in words(before, after)) == shown


@given(st.lists(st.sampled_from(["to", "a", "b.", "c"])), st.lists(st.sampled_from(["to", "a", "b.", "c"])))
def test_both_texts_can_be_read_from_the_parts(before: list[str], after: list[str]) -> None:
    parts = list(words(" ".join(before), " ".join(after)))
    assert " ".join(part.text for part in parts if part.how != "come").split() == before
    assert " ".join(part.text for part in parts if part.how != "gone").split() == after


def test_very_long_texts_are_not_compared_word_by_word() -> None:
    assert [part.how for part in words("a " * 1_500, "a " * 1_499)] == ["gone", "come"]
