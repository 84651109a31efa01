"""All findings of one check, as formats are given them."""

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from engine.lint.finding import Finding
from engine.lint.settings import Settings
from engine.model.bundle import TEST_SUFFIX
from engine.model.diagnostics import Severity

ORDER: tuple[Severity, ...] = ("error", "warning", "info")
"""The worst first."""


class Checked(Struct, frozen=True, kw_only=True):
    """`text` is the file's, empty where it could not be read. `beside`: the texts of other files in which something of it was
    found, by their names. `fault`: where in the program it fell over the file, as Python tells it; empty where it did not."""

    file: str
    calendar: bool
    findings: tuple[Finding, ...]
    text: str = ""
    beside: Mapping[str, str] = {}
    fault: str = ""


class Report(Struct, frozen=True, kw_only=True):
    files: tuple[Checked, ...]
    settings: Settings

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(finding for one in self.files for finding in one.findings)

    @property
    def texts(self) -> dict[str, str]:
        """The text of each file that findings stand in."""
        return {file: text for one in self.files for file, text in (*one.beside.items(), (one.file, one.text))}

    @property
    def counts(self) -> Counter[Severity]:
        return Counter(one.severity for one in self.findings)

    @property
    def fails(self) -> bool:
        return any(self.settings.fails(one.severity) for one in self.findings)

    def summary(self) -> str:
        """`2 flows and 1 calendar checked: 1 error, 0 warnings, 3 notes.`"""
        calendars = sum(one.calendar for one in self.files)
        flows = sum(not one.calendar and not one.file.endswith(TEST_SUFFIX) for one in self.files)
        parts = [_counted(flows, "flow")] if flows else []
        parts += [_counted(calendars, "calendar")] if calendars else []
        parts = parts or [_counted(len(self.files), "test file")]
        checked = f"{' and '.join(parts)} checked"
        if not self.findings:
            return f"{checked}, nothing found."
        counts = self.counts
        said = f"{_counted(counts['error'], 'error')}, {_counted(counts['warning'], 'warning')}"
        notes = f", {_counted(counts['info'], 'note')}" if counts["info"] else ""
        return f"{checked}: {said}{notes}."


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def worst(findings: tuple[Finding, ...]) -> list[Finding]:
    """The worst first, else in their order."""
    return sorted(findings, key=lambda one: ORDER.index(one.severity))
