"""A project on disk: a flow with everything beside it."""

from pathlib import Path

from tests.unit.editing.marked import BEGINNING, PIN

FLOW, TESTS = "flows/hello.flow.yaml", "flows/hello.test.yaml"
CALENDAR, ENVIRONMENT = "flows/calendars/practice.calendar.yaml", "flows/environments/local.env.yaml"
SUBFLOW, SWML = "flows/lib/pin.flow.yaml", "flows/swml/desk.yaml"
TEXTS = {
    FLOW: BEGINNING,
    TESTS: "tests: hello\ncases:\n  one:\n    expect: {path: [menu, bye], outcomes: {menu: sales}}\n",
    CALENDAR: "calendar: practice\nzone: Europe/Berlin\nhours: {monday: 08:00-12:00}\n",
    ENVIRONMENT: "environment: local\npublic_url: https://ivr.example.com\njournal: j\nuses: {hours: practice}\n",
    SUBFLOW: PIN,
    SWML: 'sections: {main: [{play: "say:${{ vars.url }}"}]}\n',
}


def make(folder: Path) -> Path:
    for name, text in TEXTS.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder
