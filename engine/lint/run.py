"""A file's findings: the compiler's, the rules', and what its comments say of them."""

from collections.abc import Iterator, Set

from msgspec.structs import replace

from engine.compile import Shelf, SwmlCheck, compile_bundle, suffix, yaml_reader
from engine.compile.kinds import TEST
from engine.compile.located import Node, walk
from engine.compile.patience import Late, OutOfTime, never
from engine.compile.report import Report
from engine.lint import registry
from engine.lint.finding import Finding, Fix
from engine.lint.ignoring import TIME, less_ignored
from engine.lint.places import Places
from engine.lint.rule import Found, Rule, RuleModule
from engine.lint.settings import Settings
from engine.lint.subject import Subject
from engine.lint.tried import fitting, harmless
from engine.model.bundle import Bundle
from engine.model.diagnostics import Diagnostic, Span

SWML = "swml/"


def lint(
    bundle: Bundle,
    *,
    file: str,
    settings: Settings,
    beside: Set[str] = frozenset(),
    tests: bytes | None = None,
    late: Late = never,
    swml_check: SwmlCheck | None = None,
    shelf: Shelf | None = None,
) -> tuple[Finding, ...]:
    """Everything there is to say of a flow, in the order of the file. `beside` are the names of the test files in its folder,
    `tests` is its own one's content. `late`: its time is over."""

    def look(text: str) -> tuple[Finding, ...]:
        changed = replace(bundle, files={**bundle.files, suffix(bundle.flow): text.encode()})
        after = _found(changed, file, settings, beside, tests, late=late, swml_check=swml_check, shelf=shelf)
        if any(one.code == TIME[0] for one in after):
            raise OutOfTime
        return after

    found = _found(bundle, file, settings, beside, tests, late=late, swml_check=swml_check, shelf=shelf)
    if all(one.fix is None for one in found) or any(one.code == TIME[0] for one in found):
        return found
    text = yaml_reader.read(file, bundle.files[suffix(bundle.flow)])[1].source.text
    try:
        return harmless(found, text, look)
    except OutOfTime:
        subject = Subject(file=file, bundle=bundle, text=text)
        over = _out_of_time(subject, settings, "while repairs were tried", [])
        return tuple(sorted((*found, over), key=Finding.sort_key))


def _found(
    bundle: Bundle,
    file: str,
    settings: Settings,
    beside: Set[str],
    tests: bytes | None,
    *,
    late: Late,
    swml_check: SwmlCheck | None,
    shelf: Shelf | None,
) -> tuple[Finding, ...]:
    """As `lint`, and nobody has tried the repairs of rules."""
    compiled = compile_bundle(bundle, file=file, swml_check=swml_check, shelf=shelf, late=late)
    root, report = yaml_reader.read(file, bundle.files[suffix(bundle.flow)])
    # A subflow's mistakes are its own file's. A SWML document is no file of its own here: its are the flow's.
    diagnostics = [one for one in compiled.diagnostics if one.file == file]
    diagnostics += [_at_name(one, file, root, report) for one in compiled.diagnostics if one.file.startswith(SWML)]
    subject = Subject(
        file=file,
        bundle=bundle,
        text=report.source.text,
        root=root,
        graph=compiled.graph,
        sketch=compiled.sketch,
        beside=beside,
        tests=tests,
        options=settings.options,
        late=late,
        paths=compiled.paths,
    )

    def again(text: str) -> tuple[Diagnostic, ...]:
        files = {**bundle.files, suffix(bundle.flow): text.encode()}
        return compile_bundle(replace(bundle, files=files), file=file, shelf=shelf, late=late).diagnostics

    found = [from_diagnostic(one, subject) for one in diagnostics]
    found = [*fitting(found, subject.places.text, again)]
    found = [one for one in found if one.severity == "error" or settings.takes(one.code, file)]
    if compiled.unfinished:
        found.append(_out_of_time(subject, settings, f"while {compiled.unfinished}", _runs(subject, settings)))
    else:
        wrong = {(one.start, one.end) for one in found if one.severity == "error"}
        found += [one for one in _by_rules(subject, settings) if one.file != file or (one.start, one.end) not in wrong]
    here = [one for one in found if one.file == file]
    left = [*_less_ignored(here, subject, root, settings), *_of_tests(found, subject, settings)]
    return tuple(sorted(left, key=Finding.sort_key))


def _of_tests(found: list[Finding], subject: Subject, settings: Settings) -> Iterator[Finding]:
    """What is said of the test file, less what the comments in there cover. It is not repaired."""
    if not subject.tests or not subject.is_whole:
        return
    there = [one for one in found if one.file == subject.tests_file]
    text = subject.tests_places.text
    if there or "offhook:" in text:
        root, _ = yaml_reader.read("", subject.tests, TEST)
        tests = Subject(file=subject.tests_file, bundle=subject.bundle, text=text, graph=subject.graph)
        yield from (replace(one, fix=None) for one in less_ignored(there, tests, root, settings))


def _less_ignored(found: list[Finding], subject: Subject, root: Node | None, settings: Settings) -> list[Finding]:
    """Of what was not held against the comments in time, what no comment can cover is left."""
    left: list[Finding] = []
    try:
        for one in less_ignored(found, subject, root, settings):
            left.append(one)
    except OutOfTime:
        told = {id(one) for one in left}
        sure = (one for one in found if one.severity == "error" and registry.is_compilers(one.code, one.name))
        left += [one for one in sure if id(one) not in told]
        left.append(_out_of_time(subject, settings, "at its comments", []))
    return left


def _at_name(one: Diagnostic, file: str, root: Node | None, report: Report) -> Diagnostic:
    """A mistake of a SWML document, where the flow names the document."""
    name = one.file.removeprefix(SWML)
    named = (scalar for path, scalar in walk(root) if path[-1:] == ("swml",) and scalar.text == name) if root else ()
    found = next(iter(named), None)
    span = report.source.span(found.start, found.end) if found is not None else Span(1, 1, 1, 1)
    return replace(one, file=file, span=span, message=f"{one.file}, line {one.span.line}: {one.message}")


def from_diagnostic(one: Diagnostic, subject: Subject) -> Finding:
    start, end = _offsets(one, subject.places)
    return Finding(
        file=one.file,
        code=one.code,
        name=one.name,
        severity=one.severity,
        span=one.span,
        start=start,
        end=end,
        message=one.message,
        help=one.help,
        path=one.path,
        witness=one.witness,
        fix=_in_time(subject, one, start, end),
    )


def _in_time(subject: Subject, one: Diagnostic, start: int, end: int) -> Fix | None:
    """The repair; none when the file's time is over."""
    from engine.lint.repairs import repair  # most flows compile

    try:
        return repair(subject, one, start, end)
    except OutOfTime:
        return None


def _offsets(one: Diagnostic, places: Places) -> tuple[int, int]:
    return places.offset(one.span.line, one.span.column), places.offset(one.span.end_line, one.span.end_column)


def _runs(subject: Subject, settings: Settings) -> list[RuleModule]:
    return [one for one in registry.RULES if settings.runs(one.RULE, subject.file)]


def _by_rules(subject: Subject, settings: Settings) -> Iterator[Finding]:
    left = _runs(subject, settings)
    try:
        while left:
            rule = left[0].RULE
            if subject.has(rule.needs):
                subject.check_time()
                for one in left[0].check(subject):
                    if not one.in_tests or settings.takes(rule.code, subject.tests_file):
                        yield _finding(one, rule, subject, settings)
                    subject.check_time()
            del left[0]
    except OutOfTime:
        yield _out_of_time(subject, settings, f"in the rule {left[0].RULE.code}", left)


def _finding(one: Found, rule: Rule, subject: Subject, settings: Settings) -> Finding:
    file, places = subject.file, subject.places
    if one.in_tests:
        file, places = subject.tests_file, subject.tests_places
    return Finding(
        file=file,
        code=rule.code,
        name=rule.name,
        severity=settings.severity.get(rule.code) or one.severity or rule.severity,
        span=places.span(one.start, one.end),
        start=one.start,
        end=max(one.end, one.start),
        message=one.message,
        help=one.help,
        path=one.path,
        witness=one.witness,
        fix=one.fix,
    )


def _out_of_time(subject: Subject, settings: Settings, when: str, left: list[RuleModule]) -> Finding:
    """`left`: the rules that have not looked at the file, or not at all of it."""
    code, name = TIME
    missed = f" Not looked for: {', '.join(one.RULE.code for one in left)}." if left else ""
    return Finding(
        file=subject.file,
        code=code,
        name=name,
        severity="error",
        span=subject.places.span(0, 1),
        start=0,
        end=min(1, len(subject.places.text)),
        message=f"The file takes longer than {settings.seconds} s to look at; they were over {when}.{missed}",
        help="Make several flows of it, with `subflow`, or give it more time with the setting `seconds`.",
    )
