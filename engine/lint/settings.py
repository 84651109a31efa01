"""What a project has chosen: `[lint]` of offhook.toml, or `[tool.offhook.lint]` of pyproject.toml."""

import re
import tomllib
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args

from msgspec import Struct, structs

from engine.lint import registry
from engine.lint.rule import Rule
from engine.model.diagnostics import Severity
from engine.model.errors import ConfigurationError

RULE_SET = 1
"""The newest set of rules. A project that names one gets no rules that came later."""
SECONDS = 10
Profile = Literal["draft", "ci", "production"]
FAILING: Mapping[Profile, frozenset[Severity]] = {
    "draft": frozenset({"error"}),
    "ci": frozenset({"error", "warning"}),
    "production": frozenset({"error", "warning", "info"}),
}
"""With which findings the command's exit status is 1."""

_KEYS = ("profile", "rule_set", "select", "ignore", "per-file-ignores", "severity", "rules", "baseline", "seconds")


class Settings(Struct, frozen=True, kw_only=True):
    """`select` and `ignore` are codes or beginnings of codes (`UX`); an empty `select` is everything.
    `options` are numbers of rules by their names (`max_options`). `seconds`: a file's time."""

    profile: Profile = "ci"
    rule_set: int = RULE_SET
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file: tuple[tuple[str, tuple[str, ...]], ...] = ()
    severity: Mapping[str, Severity] = {}
    options: Mapping[str, int] = {}
    baseline: str = ""
    seconds: int = SECONDS

    def takes(self, code: str, file: str) -> bool:
        if self.select and not code.startswith(self.select):
            return False
        return not code.startswith(self.ignore) and not any(
            code.startswith(codes) and _matches(file, pattern) for pattern, codes in self.per_file
        )

    def runs(self, rule: Rule, file: str) -> bool:
        return rule.since <= self.rule_set and self.takes(rule.code, file)

    def fails(self, severity: Severity) -> bool:
        return severity in FAILING[self.profile]


def _matches(file: str, pattern: str) -> bool:
    path = file.replace("\\", "/")
    return fnmatchcase(path, pattern) or fnmatchcase(path, f"*/{pattern}")


def read_settings(file: str, text: str) -> Settings | None:
    """The settings in a file; None when it is a pyproject.toml without any. `ConfigurationError` names the line."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{file} is not TOML: {error}.", help="Correct it, or remove it.") from None
    path = ("tool", "offhook", "lint") if file.endswith("pyproject.toml") else ("lint",)
    table: Any = document
    for part in path:
        if not isinstance(table, dict) or part not in table:
            return None if len(path) > 1 else Settings()
        table = table[part]
    return _Reading(file, text, path).settings(table)


def check_codes(codes: tuple[str, ...], where: str) -> None:
    """Of an option on the command line."""
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
            raise self._wrong("lint", "`lint` is a table.", f"Write: [{'.'.join(self._path)}]")
        for key in table:
            if key not in _KEYS:
                raise self._wrong(key, f"There is no setting `{key}`.", f"There are: {', '.join(_KEYS)}.")
        found: dict[str, Any] = {name: self._codes(table, name) for name in ("select", "ignore") if name in table}
        found.update({name: self._number(table, name, 1) for name in ("rule_set", "seconds") if name in table})
        if found.get("rule_set", 1) > RULE_SET:
            raise self._wrong("rule_set", f"`rule_set` is at most {RULE_SET} in this version.", "Lower it, or update.")
        if "profile" in table:
            found["profile"] = self._one_of(table, "profile", get_args(Profile))
        if "baseline" in table:
            found["baseline"] = self._text_of(table, "baseline")
        per_file = self._table(table, "per-file-ignores")
        return structs.replace(
            Settings(),
            **found,
            per_file=tuple((pattern, self._codes(per_file, pattern)) for pattern in per_file),
            severity=self._severities(self._table(table, "severity")),
            options=self._options(self._table(table, "rules")),
        )

    def _severities(self, table: dict[str, Any]) -> dict[str, Severity]:
        for code in table:
            if code not in registry.BY_CODE and code != "STY006":
                raise self._wrong(code, f"There is no rule `{code}` whose severity can be set.", registry.near(code))
        return {code: self._one_of(table, code, get_args(Severity)) for code in table}

    def _options(self, table: dict[str, Any]) -> dict[str, int]:
        found: dict[str, int] = {}
        for code in table:
            rule = registry.BY_CODE.get(code)
            if rule is None:
                raise self._wrong(code, f"There is no rule `{code}`.", registry.near(code))
            options = self._table(table, code)
            for name in options:
                if name not in rule.options:
                    there = ", ".join(rule.options) or "none"
                    raise self._wrong(name, f"`{code}` has no option `{name}`.", f"Options of {code}: {there}.")
                found[name] = self._number(options, name, 0)
        return found

    def _codes(self, table: dict[str, Any], key: str) -> tuple[str, ...]:
        value = table[key]
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self._wrong(key, f"`{key}` is a list of codes.", f'Write: {_quoted(key)} = ["UX001"]')
        for code in value:
            if not registry.is_prefix(code):
                raise self._wrong(key, f"There is no rule `{code}`.", registry.near(code), value=code)
        return tuple(value)

    def _number(self, table: dict[str, Any], key: str, least: int) -> int:
        value = table[key]
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise self._wrong(key, f"`{key}` is a whole number from {least}.", f"Write: {key} = {max(least, 5)}")
        return value

    def _one_of(self, table: dict[str, Any], key: str, known: tuple[str, ...]) -> Any:
        value = table[key]
        if value not in known:
            raise self._wrong(key, f"`{key}` is one of {', '.join(known)}.", f'Write: {key} = "{known[1]}"')
        return value

    def _text_of(self, table: dict[str, Any], key: str) -> str:
        value = table[key]
        if not isinstance(value, str) or not value:
            raise self._wrong(key, f"`{key}` is the name of a file.", f'Write: {key} = "offhook-baseline.json"')
        return value

    def _table(self, table: dict[str, Any], key: str) -> dict[str, Any]:
        value = table.get(key, {})
        if not isinstance(value, dict):
            raise self._wrong(key, f"`{key}` is a table.", f"Write: [{'.'.join((*self._path, key))}]")
        return value

    def _wrong(self, key: str, message: str, advice: str, *, value: str = "") -> ConfigurationError:
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
