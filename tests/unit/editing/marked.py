"""Texts with `¦` where the cursor is, and the document they make."""

from engine.editing.document import Beside, Document, Kind
from engine.model.bundle import Bundle

CURSOR = "¦"
BEGINNING = """\
flow: hello
language: 1
start: menu
uses: {hours: calendar, crm: url}
inputs:
  points: {type: int, default: 0}
vars:
  tries: 0
  url: {type: string}
signals: {desk_free: {room: int}}
steps:
  menu:
    ask:
      prompt: "For sales, press 1."
      digits: {max: 1}
      choices:
        sales: {keys: ["1"]}
    next: {sales: bye, otherwise: keep}
  listen:
    collect: {digits: {max: 2}}
    background: true
    next: bye
  music:
    play: "La la."
    background: true
    next: bye
  keep:
    set: {url: "'x'"}
    next: bye
  bye:
    end: hangup
"""
"""A flow that compiles; tests add a step, or another section."""
BESIDE = Beside(
    flows=("hello",),
    subflows=("pin",),
    swml=("desk.yaml", "queue.yaml"),
    calendars=("practice",),
    bound={"hours": ("practice",)},
)
PIN = """\
flow: pin
language: 1
inputs:
  account: {type: string}
start: done
steps:
  done:
    return: {outcome: verified, with: {name: "${{ inputs.account }}"}}
"""


def document(text: str, kind: Kind = "flow", *, flow: str = "") -> Document:
    """`flow`: the text of the flow that a test file is about."""
    files = {"hello.flow.yaml": (flow or text).encode(), "lib/pin.flow.yaml": PIN.encode()}
    bundle = Bundle("hello", files) if kind in ("flow", "test", "swml") else None
    return Document(kind, text, bundle=bundle, beside=BESIDE)


def marked(text: str, kind: Kind = "flow", *, flow: str = "") -> tuple[Document, int]:
    """The document, and where the cursor is in it."""
    at = text.index(CURSOR)
    return document(text[:at] + text[at + 1 :], kind, flow=flow), at


def step(lines: str) -> str:
    """The beginning with one more step."""
    return f"{BEGINNING}  last:\n" + "".join(f"    {line}\n" for line in lines.splitlines())
