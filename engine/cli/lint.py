"""`offhook lint`: what can be said against flows, for people and for programs."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from shlex import quote
from typing import get_args

import click
from msgspec import structs

from engine.cli import named_paths
from engine.cli.statuses import FAULT
from engine.lint.report import Checked, Report
from engine.lint.settings import Profile, Settings
from engine.model.errors import ConfigurationError, cannot_write
from engine.project import flows
from engine.project.linting import cache, files, many
from engine.project.linting import settings as of_project

FORMATS = ("text", "json", "github", "sarif", "junit")
MAX_BASELINE_BYTES = 100_000_000
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_UNENDED = "\n\\ No newline at end of file\n"
Reported = Callable[[Checked], Checked]
"""A file with those of its findings that are to be told and repaired."""


@click.command()
@click.argument("paths", nargs=-1, type=named_paths.FLOW)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--fix", is_flag=True, help="Repair what can safely be repaired, and report the rest.")
@click.option(
    "--unsafe-fixes", is_flag=True, help="With --fix or --diff: also what somebody should look at afterwards."
)
@click.option("--diff", is_flag=True, help="Print what --fix would change, and change nothing.")
@click.option("--baseline", "known", type=click.Path(path_type=Path), help="Leave out the findings in this file.")
@click.option("--write-baseline", "write", type=click.Path(path_type=Path), help="Write today's findings to a file.")
@click.option("--profile", type=click.Choice(get_args(Profile)), help="Which findings fail: draft, ci or production.")
@click.option("--select", multiple=True, metavar="CODES", help="Only these, such as UX or API012,API013.")
@click.option("--ignore", multiple=True, metavar="CODES", help="Not these.")
@click.option("--jobs", type=click.IntRange(1, 64), help="How many processes check. Default: what pays.")
@click.option("--no-cache", is_flag=True, help="Neither use nor keep findings of earlier runs (.offhook_cache).")
@click.option("--config", type=click.Path(path_type=Path), help="Settings, instead of the nearest offhook.toml.")
def command(
    paths: tuple[Path, ...],
    form: str,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    known: Path | None,
    write: Path | None,
    profile: Profile | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    jobs: int | None,
    no_cache: bool,
    config: Path | None,
) -> None:
    """Check flow and calendar files, and those in folders (default: flows/).

    Exit status: 0 fine, 1 findings that count in the profile (draft: errors; ci: warnings too; production: all),
    2 wrong usage or settings. `offhook explain CODE` says more of a finding.
    """
    if unsafe_fixes and not (fix or diff):
        raise click.UsageError("--unsafe-fixes goes with --fix or --diff.")
    here = _here()
    settings = _settings(here, config, profile, _codes(select), _codes(ignore), known)
    found = files.find(paths or (Path("flows"),))
    reported = _all if write is not None or not settings.baseline else _less_known(settings)
    if diff:
        _show_diffs(found, settings, unsafe_fixes, reported)
    elif fix:
        _fix(found, settings, unsafe_fixes, reported)
    kept = None if no_cache else cache.beside(here, settings)
    report = Report(files=tuple(map(reported, many.check_all(found, settings, kept, jobs or 0))), settings=settings)
    if write is not None:
        from engine.lint import baseline

        _write(write, baseline.encode(report.findings, report.texts, of_project.naming(settings)))
    elif not diff:
        _show(report, form)
    for one in report.files:
        click.echo(one.fault, err=True, nl=False)
    if any(one.fault for one in report.files):
        raise SystemExit(FAULT)
    if write is None and report.fails:
        raise SystemExit(1)


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError as error:
        raise ConfigurationError(
            f"The current folder cannot be looked at: {error.strerror}.", help="Is it gone?"
        ) from None


def _settings(
    here: Path,
    config: Path | None,
    profile: Profile | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    known: Path | None,
) -> Settings:
    if select or ignore:
        from engine.lint.reading_settings import check_codes  # and with it all rules

        check_codes(select, "--select")
        check_codes(ignore, "--ignore")
    found = of_project.find(here) if config is None else of_project.load(config)
    if found is None:
        raise ConfigurationError(f"{config} has no [tool.offhook.lint].", help="Add it, or name another file.")
    mine = os.path.relpath(Path(found.folder, found.baseline), here) if found.baseline else ""
    return structs.replace(
        found,
        here=str(here),
        profile=profile or found.profile,
        select=select or found.select,
        ignore=(*found.ignore, *ignore),
        baseline=str(known) if known is not None else mine,
    )


def _codes(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code for one in given for part in one.split(",") if (code := part.strip()))


def _fix(files: list[Path], settings: Settings, unsafe: bool, reported: Reported) -> None:
    from engine.project import checking

    for path in files:
        done = checking.fixed(path, settings, unsafe=unsafe, reported=reported)
        if done is None or done[1].text == done[0]:
            continue
        try:
            checking.write(path, done[1].text)
        except OSError as error:
            raise cannot_write(path, error) from None
        click.echo(f"{path}: {len(done[1].titles)} repaired.", err=True)


def _show_diffs(files: list[Path], settings: Settings, unsafe: bool, reported: Reported) -> None:
    from difflib import unified_diff

    from engine.project import checking

    for path in files:
        done = checking.fixed(path, settings, unsafe=unsafe, reported=reported)
        if done is not None:
            before, after = (_LINE.findall(text) for text in (done[0], done[1].text))
            lines = unified_diff(before, after, str(path), str(path))
            click.echo("".join(one if one.endswith("\n") else f"{one}{_UNENDED}" for one in lines), nl=False)


def _all(one: Checked) -> Checked:
    return one


def _less_known(settings: Settings) -> Reported:
    """What leaves out of a file's findings those that the baseline has."""
    from engine.lint import baseline

    path, naming = Path(settings.baseline), of_project.naming(settings)
    try:
        known = baseline.decode(str(path), flows.read_file(path, MAX_BASELINE_BYTES).decode())
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"The baseline {path} cannot be read: {getattr(error, 'strerror', None) or error}.",
            help=f"Write it: offhook lint --write-baseline {quote(str(path))}",
        ) from None

    def less(one: Checked) -> Checked:
        texts = {**one.beside, one.file: one.text}
        return structs.replace(one, findings=baseline.less(one.findings, known, texts, naming))

    return less


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise cannot_write(path, error) from None
    click.echo(f"{path} written.", err=True)


def _show(report: Report, form: str) -> None:
    """Each format is imported only when it is asked for."""
    if form == "text":
        from engine.cli.lint_text import show

        show(report, color=False if os.environ.get("NO_COLOR") else None)
    elif form == "json":
        from engine.lint.formats.as_json import as_json

        click.echo(as_json(report))
    elif form == "sarif":
        from engine.lint.formats.as_sarif import as_sarif

        click.echo(as_sarif(report))
    elif form == "junit":
        from engine.lint.formats.as_junit import as_junit

        click.echo(as_junit(report))
    else:
        from engine.lint.formats.as_github import annotations, summary

        click.echo(annotations(report))
        if to := os.environ.get("GITHUB_STEP_SUMMARY"):
            _append(Path(to), summary(report))


def _append(path: Path, text: str) -> None:
    try:
        with path.open("a", encoding="utf-8") as job:
            job.write(text)
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written: {error.strerror or error}.", help="GITHUB_STEP_SUMMARY names it."
        ) from None
