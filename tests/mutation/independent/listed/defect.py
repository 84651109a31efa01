"""A row of the list."""

from msgspec import Struct


class Defect(Struct, frozen=True):
    """`sentence`: what is wrong; `why`: how people come to it; `notices`: who notices what."""

    name: str
    sentence: str
    why: str
    notices: str
