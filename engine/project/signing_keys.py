"""The signing keys of a project: one, or while it is changed the old and the new, each in a line of its own."""

from engine.model.errors import ConfigurationError


def sound_keys(name: str, text: str) -> str:
    """`text` as it is, which the variable `name` or its file holds. `ConfigurationError` names a line that can be no key:
    with it, every call would be refused, and nobody would see why."""
    for number, line in enumerate(text.split("\n"), start=1):
        if not _can_be_key(line.strip(" \t\r")):
            raise ConfigurationError(
                f"{name}: line {number} is no key: there is a blank in it, or a character that does not print.",
                help="Write the key alone, as UTF-8 without a byte order mark; a second key goes into a line of its own.",
            )
    return text


def _can_be_key(line: str) -> bool:
    """(A line without anything does no harm.)"""
    return line.isprintable() and not any(map(str.isspace, line))
