"""What a project has chosen: settings from a file (`reading_settings.py`) and from options of the command."""

import posixpath
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Literal

from msgspec import Struct

from engine.lint.rule import Rule
from engine.model.diagnostics import Severity

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


class Settings(Struct, frozen=True, kw_only=True):
    """`select` and `ignore` are codes or beginnings of codes (`UX`); an empty `select` is everything.
    `options` are numbers of rules by their names (`max_options`). `seconds`: a file's time.
    `folder` is where the patterns of files begin, and `here` where the names of files do; both are whole paths, or empty."""

    profile: Profile = "ci"
    rule_set: int = RULE_SET
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file: tuple[tuple[str, tuple[str, ...]], ...] = ()
    severity: Mapping[str, Severity] = {}
    options: Mapping[str, int] = {}
    baseline: str = ""
    seconds: int = SECONDS
    folder: str = ""
    here: str = ""

    def takes(self, code: str, file: str) -> bool:
        if self.select and not code.startswith(self.select):
            return False
        return not code.startswith(self.ignore) and not any(
            code.startswith(codes) and self._matches(file, pattern) for pattern, codes in self.per_file
        )

    def _matches(self, file: str, pattern: str) -> bool:
        """However the file's name was typed."""
        whole = file if _is_whole(file) or not self.here else f"{self.here}/{file}"
        whole = posixpath.normpath(whole.replace("\\", "/"))
        below = whole.removeprefix(self.folder.replace("\\", "/").rstrip("/") + "/") if self.folder else whole
        return fnmatchcase(below, pattern.removeprefix("./")) or fnmatchcase(whole, f"*/{pattern}")

    def runs(self, rule: Rule, file: str) -> bool:
        return rule.since <= self.rule_set and self.takes(rule.code, file)

    def fails(self, severity: Severity) -> bool:
        return severity in FAILING[self.profile]


def _is_whole(file: str) -> bool:
    return file.startswith(("/", "\\")) or file[1:2] == ":"
