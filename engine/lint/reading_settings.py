"""The settings of a project from its file: `[lint]` of offhook.toml, or `[tool.offhook.lint]` of pyproject.toml.

The rules are imported only where a code is named, which most projects do not.
"""

import difflib
import re
import tomllib
from collections.abc import Mapping
from typing import Any, get_args

from msgspec import structs

from engine.lint.settings import RULE_SET, SECONDS, Profile, Settings
from engine.model.diagnostics import Severity
from engine.model.errors import ConfigurationError

_ABOVE = ("tool", "offhook")
_NUMBERS: Mapping[str, int] = {"rule_set": RULE_SET, "seconds": SECONDS}
_KEYS = ("profile", "rule_set", "select", "ignore", "per-file-ignores", "severity", "rules", "baseline", "seconds")


def read_settings(file: str, text: str) -> Settings | None:
    """The settings in a file; None when it is a pyproject.toml without any. `ConfigurationError` names the line."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{file} is not TOML: {error}.", help="Correct it, or remove it.") from None
    above = _ABOVE if file.endswith("pyproject.toml") else ()
    reading = _Reading(file, text, (*above, "lint"))
    table: Any = document
    for part in above:
        if part not in table:
            return None
        table = table[part]
        if not isinstance(table, dict):
            raise reading.wrong(part, f"`{part}` is a table.", f"Write: [{'.'.join((*above, 'lint'))}]")
    for key in table:
        if key != "lint":
            raise reading.unknown_table(key)
    if "lint" in table:
        return reading.settings(table["lint"])
    return Settings() if not above else None


def check_codes(codes: tuple[str, ...], where: str) -> None:
    """Of an option on the command line."""
    from engine.lint import registry

    for code in codes:
        if not registry.is_prefix(code):
            raise ConfigurationError(f"{where}: there is no rule `{code}`.", help=registry.near(code))


class _Reading:
    """One table, with the lines of its keys for what is said of it."""

    def __init__(self, file: str, text: str, path: tuple[str, ...]) -> None:
        self._file = file
        self._text = text
        self._path = path

    def settings(self, table: Any) -> Settings:
        if not isinstance(table, dict):
            raise self.wrong("lint", "`lint` is a table.", f"Write: [{'.'.join(self._path)}]")
        for key in table:
            if key not in _KEYS:
                raise self.wrong(key, f"There is no setting `{key}`.", f"There are: {', '.join(_KEYS)}.")
        found: dict[str, Any] = {name: self._codes(table, name) for name in ("select", "ignore") if name in table}
        found.update({name: self._number(table, name, 1, usual) for name, usual in _NUMBERS.items() if name in table})
        if found.get("rule_set", 1) > RULE_SET:
            raise self.wrong("rule_set", f"`rule_set` is at most {RULE_SET} in this version.", "Lower it, or update.")
        if "profile" in table:
            found["profile"] = self._one_of(table, "profile", get_args(Profile))
        if "baseline" in table:
            found["baseline"] = self._text_of(table, "baseline")
        per_file = self._table(table, "per-file-ignores")
        return structs.replace(
            Settings(),
            **found,
            per_file=tuple((pattern, self._codes(per_file, pattern)) for pattern in per_file),
            severity=self._severities(given) if (given := self._table(table, "severity")) else {},
            options=self._options(given) if (given := self._table(table, "rules")) else {},
        )

    def unknown_table(self, key: str) -> ConfigurationError:
        """A mistyped name would switch off all that a project has chosen."""
        header = ".".join(self._path)
        near = difflib.get_close_matches(key, ["lint"], n=1)
        advice = (
            f"Did you mean [{header}]?" if near else f"The settings of the linter are [{header}]; there are no others."
        )
        return self.wrong(key, f"There is no table `{'.'.join((*self._path[:-1], key))}`.", advice)

    def _severities(self, table: dict[str, Any]) -> dict[str, Severity]:
        from engine.lint import registry

        for code in table:
            if registry.is_code(code) and code not in registry.BY_CODE and code != "STY006":
                problem = f"The severity of `{code}` cannot be set: it is the compiler's, not a rule's."
                raise self.wrong(code, problem, "Remove the line. What keeps a flow from running stays an error.")
            if code not in registry.BY_CODE and code != "STY006":
                raise self.wrong(code, f"There is no rule `{code}` whose severity can be set.", registry.near(code))
        return {code: self._one_of(table, code, get_args(Severity)) for code in table}

    def _options(self, table: dict[str, Any]) -> dict[str, int]:
        from engine.lint import registry

        found: dict[str, int] = {}
        for code in table:
            rule = registry.BY_CODE.get(code)
            if rule is None:
                raise self.wrong(code, f"There is no rule `{code}`.", registry.near(code))
            if not isinstance(table[code], dict):
                raise self.wrong(code, f"The options of `{code}` are a table.", self._as_table(code, rule.options))
            options = self._table(table, code)
            for name in options:
                if name not in rule.options:
                    there = ", ".join(rule.options) or "none"
                    raise self.wrong(name, f"`{code}` has no option `{name}`.", f"Options of {code}: {there}.")
                found[name] = self._number(options, name, 0, rule.options[name])
        return found

    def _as_table(self, code: str, options: Mapping[str, int]) -> str:
        if not options:
            return f"`{code}` has no options: remove the line."
        given = ", ".join(f"{name} = {usual}" for name, usual in options.items())
        return f"Write below [{'.'.join((*self._path, 'rules'))}]: {code} = {{{given}}}"

    def _codes(self, table: dict[str, Any], key: str) -> tuple[str, ...]:
        value = table[key]
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.wrong(key, f"`{key}` is a list of codes.", f'Write: {_quoted(key)} = ["UX001"]')
        from engine.lint import registry

        for code in value:
            if not registry.is_prefix(code):
                raise self.wrong(key, f"There is no rule `{code}`.", registry.near(code), value=code)
        return tuple(value)

    def _number(self, table: dict[str, Any], key: str, least: int, usual: int) -> int:
        value = table[key]
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise self.wrong(key, f"`{key}` is a whole number from {least}.", f"Write: {key} = {usual}")
        return value

    def _one_of(self, table: dict[str, Any], key: str, known: tuple[str, ...]) -> Any:
        value = table[key]
        if value not in known:
            raise self.wrong(key, f"`{key}` is one of {', '.join(known)}.", f'Write: {key} = "{known[1]}"')
        return value

    def _text_of(self, table: dict[str, Any], key: str) -> str:
        value = table[key]
        if not isinstance(value, str) or not value:
            raise self.wrong(key, f"`{key}` is the name of a file.", f'Write: {key} = "offhook-baseline.json"')
        return value

    def _table(self, table: dict[str, Any], key: str) -> dict[str, Any]:
        value = table.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, f"`{key}` is a table.", f"Write: [{'.'.join((*self._path, key))}]")
        return value

    def wrong(self, key: str, message: str, advice: str, *, value: str = "") -> ConfigurationError:
        return ConfigurationError(f"{self._file}:{self._line(key, value)}: {message}", help=advice)

    def _line(self, key: str, value: str) -> int:
        """TOML's reader tells no places: the key is looked for in the text, and then the value from there on."""
        lines = self._text.splitlines()
        header = ".".join(self._path)
        below = next((at for at, line in enumerate(lines) if line.strip().startswith(f"[{header}")), 0)
        word = re.compile(rf"""(^|[\s\[.{{,])["']?{re.escape(key)}["']?\s*(=|\]|\.)""")
        found = next((at for at in range(below, len(lines)) if word.search(lines[at])), below)
        if value:
            found = next((at for at in range(found, len(lines)) if f'"{value}"' in lines[at]), found)
        return found + 1


def _quoted(key: str) -> str:
    return key if re.fullmatch(r"[\w-]+", key) else f'"{key}"'
