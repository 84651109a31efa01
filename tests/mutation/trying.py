"""What the other two tools find: `offhook test` with the cases beside the flows, `offhook explore` with its laws, and the
invariants and cases of the flow's own test file. Both are run as a user runs them, on a copy of the folder with the mutant in it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from engine.model.errors import ConfigurationError
from engine.project import exploring, flows, testing
from engine.simulate.explore import Bounds
from tests.mutation.folder import Folder
from tests.mutation.mutant import Mutant
from tests.mutation.verdict import Verdict

PLAIN, FAULTY = 2000, 1000
"""So many situations are looked at where all goes well, and so many with a fault or something slow on each way: a bound that
gives the same result on every machine, and one that a call of several menus exceeds."""
REFUSED = "refused"
"""In the place of a law: the flow does not compile, which every tool says."""


class Tried(Struct, frozen=True, kw_only=True):
    """`cases` are those that fail on the mutant; None where the flow has no tests. `laws` are those that do not hold."""

    verdict: Verdict
    cases: tuple[str, ...] | None
    laws: tuple[str, ...]

    @property
    def by_lint(self) -> bool:
        return self.verdict.by != "nobody"

    @property
    def by_exploring(self) -> bool:
        return bool(self.laws)

    @property
    def by_tests(self) -> bool:
        return bool(self.cases)


class Copy:
    """A folder of flows, copied to where a file of it may be another one for a while."""

    def __init__(self, root: Path) -> None:
        self._kept = TemporaryDirectory()
        self.root = Path(self._kept.name) / "flows"
        shutil.copytree(root, self.root)
        self._folder = Folder(self.root)
        self._users = {flow: self._files(flow) for flow in self._folder.flows}
        self._found: dict[str, frozenset[str]] = {}

    def try_(self, verdict: Verdict) -> Tried:
        mutant = verdict.mutant
        known = self._known(mutant.flow)
        path = self.root / mutant.path
        before = path.read_text(encoding="utf-8")
        path.write_text(mutant.text, encoding="utf-8")
        try:
            laws = tuple(sorted(one for one in self._explored(mutant.flow) - known))
            cases = None if not self._tests(mutant) else tuple(self._failing(mutant))
        finally:
            path.write_text(before, encoding="utf-8")
        return Tried(verdict=verdict, cases=cases, laws=laws)

    def _files(self, flow: str) -> frozenset[str]:
        return frozenset(self._folder.bundle(flow, self._folder.calendars(flow)).files)

    def _known(self, flow: str) -> frozenset[str]:
        """What exploring says of the flow as it stands."""
        if flow not in self._found:
            self._found[flow] = self._explored(flow)
        return self._found[flow]

    def _explored(self, flow: str) -> frozenset[str]:
        found = self._laws(flow, faults=0, slow=0, states=PLAIN)
        return found or self._laws(flow, faults=1, slow=1, states=FAULTY)

    def _laws(self, flow: str, *, faults: int, slow: int, states: int) -> frozenset[str]:
        bounds = Bounds(states=states)
        try:
            found = exploring.run(self.root / flow, faults=faults, slow=slow, bounds=bounds, goes_on=lambda _: True)
        except ConfigurationError:
            return frozenset({REFUSED})
        return frozenset({*(one.law for one in found.shown), *("invariant" for _ in found.diagnostics)})

    def _tests(self, mutant: Mutant) -> list[Path]:
        """Those of every flow that has the file in it, and its own."""
        names = dict.fromkeys((*(flow for flow, files in self._users.items() if mutant.path in files), mutant.path))
        using = (self.root / one for one in names if one.endswith(flows.FLOW))
        found = (flow.with_name(flow.name.replace(flows.FLOW, ".test.yaml")) for flow in using)
        return [one for one in found if one.is_file()]

    def _failing(self, mutant: Mutant) -> Iterator[str]:
        for tests in self._tests(mutant):
            tested = testing.run(tests)
            if tested.has_errors:
                yield f"{tests.name}: {tested.diagnostics[0].message}"
            yield from (f"{tests.name}: {one.case}" for one in tested.results if not one.passed)
