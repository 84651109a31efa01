"""The kinds of YAML documents that are read here, as messages speak of them."""

from msgspec import Struct


class Kind(Struct, frozen=True, kw_only=True):
    """`word` stands after "the", `article` at the beginning of a sentence. `begins`: what an empty one lacks. `none`,
    `not_part`: what is said of YAML's traps. `share`: what to do instead of an anchor, `split`: when there is too much
    of it."""

    word: str
    article: str
    begins: str
    none: str
    not_part: str
    share: str
    split: str


FLOW = Kind(
    word="flow",
    article="A flow",
    begins="A flow has `flow`, `language: 1`, `start` and `steps`.",
    none="the language has none",
    not_part="not part of the language",
    share="Put what is shared into `defaults`",
    split="Split the flow into several.",
)
ENVIRONMENT = Kind(
    word="environment",
    article="An environment",
    begins="An environment has `environment`, `public_url` and `journal`.",
    none="an environment file has none",
    not_part="not part of environment files",
    share="Write it out again",
    split="An environment needs no more than a few lines.",
)
TEST = Kind(
    word="test file",
    article="A test file",
    begins="A test file has `tests` and `cases`.",
    none="a test file has none",
    not_part="not part of test files",
    share="Write it out again",
    split="Split the cases into the tests of several flows.",
)
SWML = Kind(
    word="document",
    article="A document",
    begins="A SWML document has `sections` with a `main`.",
    none="a SWML document has none here",
    not_part="not part of SWML documents here",
    share="Write it out again",
    split="Split the document into several.",
)
