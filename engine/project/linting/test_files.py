"""A test file that is named by hand: what `offhook test` would say of it before it plays a case."""

from pathlib import Path

from msgspec.structs import replace

from engine.lint.finding import Finding
from engine.lint.report import Checked
from engine.lint.run import from_diagnostic
from engine.lint.subject import Subject
from engine.model.bundle import Bundle
from engine.project import flows
from engine.project.readying import Readying
from engine.simulate.cases import reading
from engine.simulate.cases.case import flow_of


def checked(path: Path) -> Checked:
    """One that cannot be read is an OSError."""
    data = flows.read_file(path)
    name = flow_of(path.name)
    tests = reading.read(str(path), name, data)
    for _ in Readying(tests, path.with_name(f"{name}{flows.FLOW}")).ready():
        pass  # each case that is made ready is held against the flow
    text = flows.text_of(data)
    subject = Subject(file=str(path), bundle=Bundle(name, {}), text=text)
    found = (replace(from_diagnostic(one, subject), fix=None) for one in tests.report.diagnostics)
    return Checked(
        file=str(path), calendar=False, findings=tuple(sorted(dict.fromkeys(found), key=Finding.sort_key)), text=text
    )
