"""Was a command carried out, whatever its answer said? Then it is not sent again."""

from engine.model.commands import SendCommand
from engine.model.state import RunState
from engine.model.verbs import COMMANDS


def carried_out(state: RunState, command: SendCommand) -> bool:
    """An operation that has reported was begun; one that the run has forgotten was begun, is over, and would begin once
    more. What stops an operation, or orders something of it, has nothing left to do when that is over."""
    if command.control_id is None:
        return False
    op = state.operations.get(command.control_id)
    verb = COMMANDS.get(command.command)
    if verb is not None and verb.shape == "order":
        return op is not None and op.phase == "over"
    if op is None:
        return verb is not None or command.command == "update"
    return op.phase != "requested"
