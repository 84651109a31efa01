"""`offhook test`: the flows' tests, in virtual time."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import click

from engine.cli import named_paths, proposed, tested_coverage, tested_text
from engine.model.errors import ConfigurationError
from engine.project import flows
from engine.project.parts import Part
from engine.project.testing import Tested, joined, run, spare_the_collector
from engine.project.without_protobuf import without_protobuf
from engine.simulate.cases.case import SUFFIX

PARALLEL_BYTES = 60_000
"""Below that, starting processes takes longer than they save."""
PART_BYTES = 30_000
"""A file of more is run in parts: each reads it and compiles its flow again, which takes as long as some twenty cases."""


@click.command()
@click.argument("paths", nargs=-1, type=named_paths.TEST)
@click.option("-k", "only", default="", metavar="TEXT", help="Only cases with this text in their name.")
@click.option("--format", "form", type=click.Choice(["text", "json", "junit"]), default="text", show_default=True)
@click.option("--coverage", is_flag=True, help="Say which steps, transitions and outcomes no case has come to.")
@click.option("--min-coverage", type=click.FloatRange(0, 100), metavar="PERCENT", help="Fail below that, in any flow.")
@click.option("-v", "--verbose", is_flag=True, help="Name every case.")
@click.option("--transcripts", is_flag=True, help="Print the transcript of every case.")
@click.option(
    "--generate",
    metavar="FLOW",
    type=named_paths.FLOW,
    help="Propose cases that take every transition of a flow.",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where --generate writes; - for standard output.",
)
@click.option("--update", is_flag=True, help="Write down the transcripts that cases keep, where they differ.")
def command(
    paths: tuple[Path, ...],
    only: str,
    form: str,
    coverage: bool,
    min_coverage: float | None,
    verbose: bool,
    transcripts: bool,
    generate: Path | None,
    output: Path | None,
    update: bool,
) -> None:
    """Run test files, and those in folders (default: flows/).

    Exit status: 0 all passed, 1 a case failed, a test file has mistakes, or a flow is covered too little, 2 wrong usage.

    JSON: {"format": 1, "cases": n, "failed": n, "seconds": s, "files": [{"file", "flow", "diagnostics", "kept": n, "cases":
    [{"name", "line", "column", "passed", "seconds", "failures": [{"line", "column", "message", "help", "law"}], "transcript":
    [{"at_ms", "way", "what", "step", "outcome", "detail"}]}]}], "coverage": [{"flow", "file", "ways", "taken", "percent",
    "missing": [{"step", "outcome", "line"}], "steps": {"all", "taken", "percent", "missing": [{"step", "line"}]}, "transitions":
    {"all", "taken", "percent", "missing": [{"step", "to", "line"}]}}]}. `ways` are outcomes. `diagnostics` are as those of `offhook lint`.
    """
    if generate is not None:
        if paths:
            raise ConfigurationError("--generate takes one flow file, and no tests.", help="Name the flow after it.")
        proposed.write(generate, output)
        return
    began = time.perf_counter()
    files = _files(paths or (Path("flows"),))
    with without_protobuf():
        tested = list(_run_all(files, only, transcripts, update))
    covered = tested_coverage.merged(tested)
    seconds = time.perf_counter() - began
    if not any(one.results or one.diagnostics for one in tested):
        raise ConfigurationError(f"No case has `{only}` in its name.", help="-k takes a part of a name, in any case.")
    if form != "text":
        from engine.cli.tested_formats import as_json, as_junit

        click.echo(as_json(tested, covered, seconds) if form == "json" else as_junit(tested, seconds))
    else:
        tested_text.show(tested, seconds, verbose=verbose or transcripts)
        if coverage or min_coverage is not None:
            tested_coverage.show(covered, min_coverage)
    too_little = min_coverage is not None and any(one.percent < min_coverage for one in covered)
    if too_little or not all(one.passed for one in tested):
        raise SystemExit(1)


def _files(paths: tuple[Path, ...]) -> list[Path]:
    files = flows.find(paths, (SUFFIX,))
    wrong = next((path for path in files if not path.name.endswith(SUFFIX)), None)
    if wrong is not None:
        raise ConfigurationError(f"{wrong} is no test file.", help=f"Tests are files that end in {SUFFIX}.")
    if not files:
        named = ", ".join(str(path) for path in paths)
        raise ConfigurationError(f"There are no tests in {named}.", help=f"Tests are files that end in {SUFFIX}.")
    return files


def _run_all(files: list[Path], only: str, transcripts: bool, update: bool) -> Iterable[Tested]:
    sizes = [path.stat().st_size for path in files]
    cores = min(os.cpu_count() or 1, 8)
    # A file is written anew by whoever has run all of its cases.
    parts = [1 if update else min(max(size // PART_BYTES, 1), cores) for size in sizes]
    if cores < 2 or sum(parts) < 2 or sum(sizes) < PARALLEL_BYTES:
        return (run(path, only, transcripts, update) for path in files)
    return _in_processes(files, parts, partial(run, only=only, transcripts=transcripts, update=update))


def _in_processes(files: list[Path], parts: list[int], run_part: Callable[..., Tested]) -> Iterator[Tested]:
    from concurrent.futures import ProcessPoolExecutor  # a few files do without

    with ProcessPoolExecutor(min(os.cpu_count() or 1, sum(parts), 8), initializer=spare_the_collector) as pool:
        running = [
            [pool.submit(run_part, path, part=Part(index, of)) for index in range(of)]
            for path, of in zip(files, parts, strict=True)
        ]
        yield from (joined([one.result() for one in each]) for each in running)
