"""One file from disk to its findings, and to its fixes."""

import errno
import os
from collections.abc import Callable, Mapping, Set
from pathlib import Path
from time import monotonic

from engine.compile import CALENDAR, Shelf, compile_calendar, suffix, zone_named
from engine.compile.patience import Late
from engine.lint.finding import Finding
from engine.lint.fixing import Fixed, fix
from engine.lint.ignoring import FAULT, TIME
from engine.lint.report import Checked
from engine.lint.run import from_diagnostic, lint
from engine.lint.settings import Settings
from engine.lint.subject import Subject
from engine.model.bundle import Bundle
from engine.model.diagnostics import Span
from engine.project import flows, zones
from engine.project.linting import left_behind
from engine.project.linting.cache import Cache
from engine.project.vendor_swml import vendor_check

_BOM = "\ufeff"
_SHELF = Shelf()
"""The flows that those of one check call are compiled once."""


def check(path: Path, settings: Settings, cache: Cache | None = None) -> Checked:
    """The file's findings; one that cannot be read is a finding too, and so is one that we fall over: neither stops anything.
    Those of a file that was looked at to its end are kept in the cache."""
    try:
        return _checked(path, settings, cache)
    except OSError as error:
        return unreadable(path, error)
    except Exception as error:
        return _fallen_over(path, error)


def _checked(path: Path, settings: Settings, cache: Cache | None) -> Checked:
    late = late_after(settings)
    if left_behind.is_left_behind(path):
        return left_behind.checked(path, settings)
    if path.name.endswith(flows.TEST):
        from engine.project.linting import test_files  # all that plays cases

        return test_files.checked(path)
    if path.name.endswith(CALENDAR):
        data = flows.read_file(path)
        done, named, beside = calendar(path, data), {}, frozenset[str]()
    else:
        bundle, beside = flows.read(path).bundle, flows.tests_beside(path)
        tests = flows.tests_of(path, beside)
        data, named = bundle.files[suffix(bundle.flow)], {**flows.named(bundle), **tests}
        done = _flow(path, bundle, settings, beside, _own(tests), late)
    if cache is not None and not any(one.code == TIME[0] for one in done.findings):
        cache.keep(path, data, named, beside, done.findings)
    return done


def _own(tests: Mapping[str, bytes | None]) -> bytes | None:
    return next(iter(tests.values()), None)


def _flow(path: Path, bundle: Bundle, settings: Settings, beside: Set[str], tests: bytes | None, late: Late) -> Checked:
    found = lint(
        bundle,
        file=str(path),
        settings=settings,
        beside=beside,
        tests=tests,
        late=late,
        swml_check=vendor_check(),
        shelf=_SHELF,
    )
    beside_it = {one.file: flows.text_of(tests or b"") for one in found if one.file != str(path)}
    text = flows.text_of(bundle.files[suffix(bundle.flow)])
    return Checked(file=str(path), calendar=False, findings=found, text=text, beside=beside_it)


def fixed(
    path: Path, settings: Settings, *, unsafe: bool, reported: Callable[[Checked], Checked] = lambda one: one
) -> tuple[str, Fixed] | None:
    """The file's text before and after the fixes of what is `reported`; None for what is not fixed: calendars, tests, and what
    cannot be read or checked, of which `check` says why."""
    if path.name.endswith((CALENDAR, flows.TEST)):
        return None
    try:
        return _fixed(path, settings, unsafe, reported)
    except Exception:
        return None


def _fixed(path: Path, settings: Settings, unsafe: bool, reported: Callable[[Checked], Checked]) -> tuple[str, Fixed]:
    bundle, beside = flows.read(path).bundle, flows.tests_beside(path)
    tests = _own(flows.tests_of(path, beside))
    text = bundle.files[suffix(bundle.flow)].decode().removeprefix(_BOM)
    late = late_after(settings)

    def findings(changed: str) -> tuple[Finding, ...]:
        other = Bundle(bundle.flow, {**bundle.files, suffix(bundle.flow): changed.encode()}, bundle.language)
        return reported(_flow(path, other, settings, beside, tests, late)).findings

    return text, fix(text, findings, unsafe=unsafe)


def write(path: Path, text: str) -> None:
    """A byte order mark that was there stays."""
    had_mark = path.read_bytes().startswith(_BOM.encode())
    path.write_bytes(((_BOM if had_mark else "") + text).encode())


def late_after(settings: Settings) -> Late:
    ends = monotonic() + settings.seconds
    return lambda: monotonic() > ends


def calendar(path: Path, data: bytes) -> Checked:
    """The findings of a calendar with this content."""
    zone = zone_named(data)
    known = zones.load(zone)
    name = path.name.removesuffix(CALENDAR)
    text = flows.text_of(data)
    subject = Subject(file=str(path), bundle=Bundle(name, {}), text=text)
    diagnostics = compile_calendar(name, data, {zone: known} if known else {}, file=str(path)).diagnostics
    findings = tuple(from_diagnostic(one, subject) for one in diagnostics)
    return Checked(file=str(path), calendar=True, findings=findings, text=text)


def unreadable(path: Path, error: OSError) -> Checked:
    """What is said of a file that cannot be read, and so has no text."""
    file = path if error.filename is None else Path(os.fsdecode(error.filename))
    what = "The file" if file == path else f"`{_shown(file)}`, which it needs,"
    why = error.strerror or str(error)
    advice = "Check its permissions, and whether it is still there."
    if os.path.isdir(path) and file == path:
        what, advice = "The folder", "Check its permissions, or leave it out."
    elif os.path.islink(file) and error.errno in (errno.ENOENT, errno.ELOOP):
        why, advice = (
            f"it is a link to `{_shown(Path(os.readlink(file)))}`, which leads nowhere",
            "Correct the link, or remove it.",
        )
    elif error.errno == errno.EILSEQ:
        advice = "Rename it."
    return _of_the_whole(path, ("SYN009", "not-a-flow"), f"{what} cannot be read: {why}.", advice)


def _fallen_over(path: Path, error: Exception) -> Checked:
    """Nobody else's file is to go without its findings because of that."""
    import traceback  # only for what should not happen

    problem = f"The file could not be checked: this is a fault of ours ({type(error).__name__})."
    advice = "Please report it, with the lines that stand on stderr."
    return _of_the_whole(path, FAULT, problem, advice, "".join(traceback.format_exception(error)))


def _of_the_whole(path: Path, code: tuple[str, str], message: str, help: str, fault: str = "") -> Checked:
    finding = Finding(
        file=_shown(path),
        code=code[0],
        name=code[1],
        severity="error",
        span=Span(1, 1, 1, 1),
        start=0,
        end=0,
        message=message,
        help=help,
    )
    return Checked(file=_shown(path), calendar=path.name.endswith(CALENDAR), findings=(finding,), fault=fault)


def _shown(path: Path) -> str:
    """With numbers in place of what is no character."""
    return str(path).encode("utf-8", "backslashreplace").decode()
