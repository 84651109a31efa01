"""A compiled flow: frozen, checked, nothing left to look up or to parse.

Params are trees of plain JSON values whose leaves may be templates (`${{ }}`, `engine.expr.TextTemplate`); a tree
without one is used as it stands.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol

from msgspec import Struct

from engine.model.diagnostics import Span
from engine.model.ids import Digest, StepName
from engine.model.verbs import FAILURES

Lookup = Callable[[str], Any]
"""Gives the value of a dotted name (`steps.menu.digits`), or raises KeyError when it is not set."""


class Expression(Protocol):
    """A checked CEL expression. `evaluate` raises `ExpressionFailed` when it has no value."""

    @property
    def source(self) -> str: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    def evaluate(self, lookup: Lookup) -> Any: ...


class ExpressionFailed(Exception):
    """An expression has no value (`int('')`, a name that is not set): outcome `error`, code `expression`."""


Secrecy = Literal["", "private", "secret"]
"""Who may get to know a value. Private: callers and services, but nobody who looks on. Secret: services alone."""

RESUME = StepName("resume")
"""As the target of `next`: back to the step that a handler has interrupted."""
UNKNOWN = StepName("?")
"""As the target of `next`, in a flow with mistakes: nobody knows where."""

Tree = Any
"""Plain JSON values, in which texts may be templates."""


class Next(Struct, frozen=True):
    """Where a step goes. `otherwise` covers the ordinary outcomes only."""

    named: Mapping[str, StepName] = {}
    otherwise: StepName | None = None

    def target(self, outcome: str) -> StepName | None:
        found = self.named.get(outcome)
        if found is None and outcome.startswith("http_"):
            found = self.named.get(f"{outcome[:6]}xx")
        if found is None and outcome not in FAILURES and outcome != "expression":
            return self.otherwise
        return found


class Visits(Struct, frozen=True):
    max: int
    next: StepName | None = None


class Until(Struct, frozen=True):
    """The handle whose input stops the step; `outcomes` empty: any sign of input."""

    handle: StepName
    outcomes: tuple[str, ...] = ()


class ApiValue(Struct, frozen=True):
    """The params of an API command. `constant`: no template in them."""

    params: Tree
    constant: bool
    handle: StepName | None = None


class Choice(Struct, frozen=True):
    """`keys` in capitals, `phrases` as `model.words.words` gives them."""

    name: str
    keys: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()


class Accept(Struct, frozen=True):
    """What an answer has to be, where there are no choices: regular expressions on what was entered, and a condition."""

    digits: str = ""
    speech: str = ""
    condition: Expression | None = None


class AskValue(Struct, frozen=True, kw_only=True):
    """`prompt` and the reprompts are lists of play items (trees); the ladders' last entry serves for all further attempts.
    `choices` are all that is on offer, the flow's own among them. `secrecy` of the answer; while a secret is entered, nothing
    is recorded unless `record_while_secret`."""

    prompt: Tree
    collect: Tree
    play: Tree
    choices: tuple[Choice, ...] = ()
    accept: Accept | None = None
    barge_in: bool = True
    timers: Literal["after_prompt", "now"] = "after_prompt"
    attempts: int = 3
    no_input: tuple[Tree, ...] = ()
    no_match: tuple[Tree, ...] = ()
    replay: bool = True
    min_confidence: float = 0.0
    secrecy: Secrecy = ""
    record_while_secret: bool = False


class BranchValue(Struct, frozen=True):
    cases: tuple[tuple[Expression, StepName], ...]
    otherwise: StepName


class SetValue(Struct, frozen=True):
    assignments: Mapping[str, Expression]


class WaitValue(Struct, frozen=True, kw_only=True):
    """`many`: a list was given, so the outcome is `done`, however short it is; else it is the handle's own.
    Handles are steps, or inputs that are handles."""

    duration_ms: int = 0
    handles: tuple[StepName, ...] = ()
    many: bool = False
    all: bool = False
    timeout_ms: int = 0
    signal: str = ""


class Retry(Struct, frozen=True, kw_only=True):
    """`times` more attempts after no reply or one of `statuses`, each after a pause that doubles."""

    times: int = 0
    backoff_ms: int = 500
    statuses: tuple[int, ...] = (502, 503, 504)


class Filler(Struct, frozen=True, kw_only=True):
    """What is played (`play`'s params, a tree) while a reply is longer than `after_ms` in coming."""

    after_ms: int
    play: Tree


class FetchValue(Struct, frozen=True, kw_only=True):
    """`json` and `body` None: no body. `returns`: None (nothing is kept), or a type: `string`, `int`, `double`, `bool`, each
    with `?` when it may be missing, a mapping of names to types, or a list of one type. `confidential`: there are secret or
    private values in its body, so it goes over https alone."""

    method: str
    url: Tree
    headers: Tree = {}
    json: Tree = None
    body: Tree = None
    timeout_ms: int
    retry: Retry = Retry()
    returns: Any = None
    filler: Filler | None = None
    confidential: bool = False


class SubflowValue(Struct, frozen=True, kw_only=True):
    """`given`: the inputs, computed here. `handles`: inputs that are handles, and the step (or input) of this flow."""

    flow: str
    given: Mapping[str, Tree] = {}
    handles: Mapping[str, StepName] = {}


class ReturnValue(Struct, frozen=True, kw_only=True):
    outcome: str
    given: Mapping[str, Tree] = {}


class ExcursionValue(Struct, frozen=True, kw_only=True):
    """`params` of the `update` that sends the call away: `swml` or `url`. `returns`: the fields and their CEL types that are
    taken from SWML's variables. `connect`: the outcome is told by SWML's variables (`wire.bridges`)."""

    params: Tree
    returns: Mapping[str, str] = {}
    deadline_ms: int
    connect: bool = False


class LeaveValue(Struct, frozen=True):
    """`end`: `reason` (`done` sends nothing). `redirect`: `params` with url or swml."""

    params: Tree
    reason: str


Value = (
    ApiValue
    | AskValue
    | BranchValue
    | SetValue
    | WaitValue
    | FetchValue
    | SubflowValue
    | ReturnValue
    | ExcursionValue
    | LeaveValue
)


class Step(Struct, frozen=True, kw_only=True):
    """`outcomes` are the ordinary ones that it can have."""

    name: StepName
    verb: str
    value: Value
    next: Next
    outcomes: tuple[str, ...] = ()
    at: Span
    background: bool = False
    until: Until | None = None
    deadline_ms: int = 0
    visits: Visits | None = None
    note: str = ""
    tags: tuple[str, ...] = ()


class Limits(Struct, frozen=True, kw_only=True):
    call_ms: int
    steps: int
    visits: int
    next: StepName | None = None


class Declared(Struct, frozen=True, kw_only=True):
    """An input, a variable or a use. `type` is CEL's name of it; `required`: no default or initial value;
    `calendar`: a use whose value is the name of a calendar; `number`: one that is somebody's number; `url`: one that
    is an address of the web. `handle`: an input that is an operation of this verb. `secrecy` of an input's value."""

    type: str
    default: Any = None
    required: bool = False
    calendar: bool = False
    number: bool = False
    url: bool = False
    handle: str = ""
    secrecy: Secrecy = ""


class Outbound(Struct, frozen=True, kw_only=True):
    """How a flow that makes its calls itself dials: `from_` empty means the environment's own number;
    `hours` is the use whose calendar says when, empty for at any time."""

    from_: str = ""
    timeout_s: int = 60
    max_price_per_minute: float | None = None
    hours: str = ""


class Later(Struct, frozen=True):
    """What is asked for from the entering of a step on, in bits that stand for steps."""

    bits: Mapping[StepName, int]
    after: Mapping[StepName, int]

    def wants(self, step: StepName, entered: StepName) -> bool:
        return bool(self.bits.get(step, 0) & self.after.get(entered, 0))


class Kept(Struct, frozen=True):
    """What a run keeps: of each step's result the `fields` that an expression reads, as long as a step may come that reads
    one, and operations in the background that are over, as long as one may come that has to do with the handle."""

    fields: Mapping[StepName, frozenset[str]]
    results: Later
    handles: Later


class FlowGraph(Struct, frozen=True, kw_only=True):
    """`digest` is the sha256 of the bundle that it was compiled from.

    handlers    by event: hangup, error, rejected, lost, `signal.<name>`
    signals     what may be sent to a run: names to fields to CEL types; those of its subflows are among them
    finally_    the steps that run at the end, in their order; they stand in `steps` as `finally.<n>`
    subflows    every flow that this one calls, directly or not, by name
    sealed      it takes secret or private values, or a flow that it calls does: whatever is kept of its runs is encrypted
    kept        what a run keeps of steps that are over; None for all of it
    numbers     under which the visits of its steps are counted: shorter than their names
    """

    flow: str
    language: int
    digest: Digest
    start: StepName
    steps: Mapping[str, Step]
    inputs: Mapping[str, Declared]
    uses: Mapping[str, Declared]
    vars: Mapping[str, Declared]
    handlers: Mapping[str, StepName]
    limits: Limits
    outbound: Outbound | None = None
    signals: Mapping[str, Mapping[str, str]] = {}
    finally_: tuple[StepName, ...] = ()
    subflows: Mapping[str, "FlowGraph"] = {}
    sealed: bool = False
    kept: Kept | None = None
    numbers: Mapping[StepName, str] = {}

    def flow_of(self, subflow: str) -> "FlowGraph":
        """The subflow of that name, or for the empty one the flow itself."""
        return self.subflows[subflow] if subflow else self
