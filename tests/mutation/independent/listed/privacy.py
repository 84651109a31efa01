"""What nobody else should hear, see or do twice."""

from tests.mutation.independent.listed.defect import Defect

PRIVACY = (
    Defect(
        "mark_removed",
        "What is entered is not marked any more as secret or private.",
        "With the mark it could not be sent where it was wanted.",
        "nothing; it can be read in every log",
    ),
    Defect(
        "secret_read_back",
        "What was entered as a secret is read back.",
        "Callers were to check their input.",
        "everybody in the room hears the PIN",
    ),
    Defect(
        "recorded_before_told",
        "The recording begins before the caller knows of it.",
        "It was to have the call from its first word.",
        "nothing; it is against the law in many places",
    ),
    Defect(
        "plain_http",
        "An address begins with `http` or `ws` in place of `https` or `wss`.",
        "It was copied from a trial on the own machine.",
        "nothing; it can be read on the way",
    ),
    Defect(
        "machine_hears_it",
        "An answering machine is told what was meant for the person.",
        "Both outcomes were led to one step.",
        "whoever listens to the machine knows it",
    ),
    Defect(
        "same_key_for_all",
        "The key by which a service knows a repeated request is the same in every call.",
        "It was taken for the name of the operation.",
        "the second caller's booking is taken for a repeat of the first one's",
    ),
    Defect(
        "told_to_all_listeners",
        "What the caller entered is put into an event for whoever listens.",
        "It was handy for the dashboard.",
        "nothing; it is shown on every screen",
    ),
)
