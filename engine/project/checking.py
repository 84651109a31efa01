"""One file from disk to its findings, and a project's own settings for that."""

import os
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from engine.compile import CALENDAR, Shelf, compile_calendar, suffix, zone_named
from engine.lint.finding import Finding
from engine.lint.fixing import Fixed, fix
from engine.lint.report import Checked
from engine.lint.run import from_diagnostic, lint
from engine.lint.settings import Settings, read_settings
from engine.lint.subject import Subject
from engine.model.bundle import Bundle
from engine.model.diagnostics import Span
from engine.model.errors import ConfigurationError
from engine.project import flows, zones
from engine.project.vendor_swml import vendor_check

TEST = ".test.yaml"
_BOM = "\ufeff"
_SHELF = Shelf()
"""The flows that those of one check call are compiled once."""


def check(path: Path, settings: Settings) -> Checked:
    """The file's findings; one that cannot be read is a finding too, and stops nothing."""
    late = late_after(settings)
    try:
        if path.name.endswith(CALENDAR):
            return calendar(path, path.read_bytes())
        flow = flows.read(path)
        beside = _beside(path)
    except OSError as error:
        return Checked(file=str(path), calendar=path.name.endswith(CALENDAR), findings=(_unreadable(path, error),))
    found = lint(
        flow.bundle,
        file=str(path),
        settings=settings,
        beside=beside,
        late=late,
        swml_check=vendor_check(),
        shelf=_SHELF,
    )
    return Checked(file=str(path), calendar=False, findings=found, text=_text(flow.bundle))


def fixed(path: Path, settings: Settings, *, unsafe: bool) -> tuple[str, Fixed] | None:
    """The file's text before and after its fixes; None for what is not fixed: calendars, and what cannot be read."""
    if path.name.endswith(CALENDAR):
        return None
    try:
        bundle, beside = flows.read(path).bundle, _beside(path)
        text = bundle.files[suffix(bundle.flow)].decode().removeprefix(_BOM)
    except (OSError, UnicodeDecodeError):
        return None

    late = late_after(settings)

    def findings(changed: str) -> tuple[Finding, ...]:
        other = Bundle(bundle.flow, {**bundle.files, suffix(bundle.flow): changed.encode()}, bundle.language)
        return lint(
            other,
            file=str(path),
            settings=settings,
            beside=beside,
            late=late,
            swml_check=vendor_check(),
            shelf=_SHELF,
        )

    return text, fix(text, findings, unsafe=unsafe)


def write(path: Path, text: str) -> None:
    """A byte order mark that was there stays."""
    had_mark = path.read_bytes().startswith(_BOM.encode())
    path.write_bytes(((_BOM if had_mark else "") + text).encode())


def find_settings(folder: Path) -> Settings:
    """Of the nearest `offhook.toml` or `pyproject.toml` with settings, from the folder up to the repository's root."""
    for one in (folder, *folder.parents):
        for name in ("offhook.toml", "pyproject.toml"):
            if os.path.isfile(one / name) and (found := load_settings(one / name)) is not None:
                return found
        if os.path.exists(one / ".git"):
            break
    return Settings()


def load_settings(path: Path) -> Settings | None:
    try:
        return read_settings(str(path), path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror or error}.", help="Check the path.") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path} is not UTF-8.", help="Save the file as UTF-8.") from None


def late_after(settings: Settings) -> Callable[[], bool]:
    ends = monotonic() + settings.seconds
    return lambda: monotonic() > ends


def _beside(path: Path) -> frozenset[str]:
    """The test files in the flow's folder."""
    with os.scandir(path.parent) as entries:
        return frozenset(one.name for one in entries if one.name.endswith(TEST))


def _text(bundle: Bundle) -> str:
    return bundle.files[suffix(bundle.flow)].decode("utf-8", "replace").removeprefix(_BOM)


def calendar(path: Path, data: bytes) -> Checked:
    """The findings of a calendar with this content."""
    zone = zone_named(data)
    known = zones.load(zone)
    name = path.name.removesuffix(CALENDAR)
    text = data.decode("utf-8", "replace").removeprefix(_BOM)
    subject = Subject(file=str(path), bundle=Bundle(name, {}), text=text)
    diagnostics = compile_calendar(name, data, {zone: known} if known else {}, file=str(path)).diagnostics
    findings = tuple(from_diagnostic(one, subject) for one in diagnostics)
    return Checked(file=str(path), calendar=True, findings=findings, text=text)


def _unreadable(path: Path, error: OSError) -> Finding:
    return Finding(
        file=str(path),
        code="SYN009",
        name="not-a-flow",
        severity="error",
        span=Span(1, 1, 1, 1),
        start=0,
        end=0,
        message=f"The file cannot be read: {error.strerror or error}.",
        help="Check its permissions, and whether it is still there.",
    )
