"""The flows that a journal's runs were started with."""

import msgspec

from engine.compile import compile_bundle, suffix
from engine.model.bundle import Bundle
from engine.model.errors import JournalError
from engine.model.graph import FlowGraph


def recompiled(bundle: bytes) -> FlowGraph:
    """The graph of a bundle from the journal."""
    try:
        decoded = Bundle.decode(bundle)
    except (msgspec.MsgspecError, ValueError, TypeError):
        raise JournalError(
            "The flow version that a run was started with is damaged.",
            help="Restore the journal from a copy: `offhook journal backup` makes them.",
        ) from None
    compiled = compile_bundle(decoded)
    if compiled.graph is None:
        found = "; ".join(one.message for one in compiled.diagnostics)
        raise JournalError(
            f"{suffix(decoded.flow)}, as a run was started with it, does not compile any more: {found}",
            help="Run the version of Offhook that has started its runs until they have ended.",
        )
    return compiled.graph
