"""The behaviours: verbs of a shared shape share one, the others have a file each."""

from engine.interpret.steps.ask import AskStep
from engine.interpret.steps.assign import SetStep
from engine.interpret.steps.base import Behaviour
from engine.interpret.steps.branch import BranchStep
from engine.interpret.steps.excursion import ExcursionStep
from engine.interpret.steps.fetch import FetchStep
from engine.interpret.steps.leave import EndStep, LeaveStep
from engine.interpret.steps.operation import OperationStep
from engine.interpret.steps.order import OrderStep
from engine.interpret.steps.subflow import ReturnStep, SubflowStep
from engine.interpret.steps.wait import WaitStep
from engine.model.verbs import VERBS

_BY_SHAPE: dict[str, Behaviour] = {"operation": OperationStep(), "order": OrderStep(), "leave": LeaveStep()}
_BY_VERB: dict[str, Behaviour] = {
    "ask": AskStep(),
    "branch": BranchStep(),
    "set": SetStep(),
    "fetch": FetchStep(),
    "subflow": SubflowStep(),
    "return": ReturnStep(),
    "excursion": ExcursionStep(),
    "connect": ExcursionStep(),
    "wait": WaitStep(),
    "end": EndStep(),
}
BEHAVIOURS: dict[str, Behaviour] = {verb.name: _BY_VERB.get(verb.name) or _BY_SHAPE[verb.shape] for verb in VERBS}
