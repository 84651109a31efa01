"""Whatever stands in a text, and however much of it: the editor does not wait for an answer."""

from time import process_time

import pytest

from engine.editing.completion import complete
from engine.editing.document import Document
from engine.editing.hover import hover
from engine.editing.occurrences import occurrences
from engine.editing.outline import outline
from tests.unit.editing.marked import document, step

LONG = 150_000


def _asked(found: Document, at: int) -> None:
    hover(found, at)
    complete(found, at)
    occurrences(found)
    outline(found.text)


@pytest.mark.parametrize("unit", ["a", "a1", "1", ".", " ", "${", "${{ a", "{", "[", "(", "\\'", "//"])
@pytest.mark.parametrize(
    "form", ['play: "${{{{ {0} !"', "set: {{tries: {0}!b}}", "play: {0}", "play: '{0}", "{0}: {0}"]
)
def test_answers_take_no_longer_than_the_text_is(form: str, unit: str) -> None:
    text = step(form.format(unit * (LONG // len(unit)) + "-"))
    begin = process_time()
    _asked(document(text), len(text) - 4)
    assert process_time() - begin < 5
