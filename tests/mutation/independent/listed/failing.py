"""What comes after failures, limits and a hang-up."""

from tests.mutation.independent.listed.defect import Defect

FAILING = (
    Defect(
        "failure_as_success",
        "A request that has failed goes where one goes that was answered.",
        "The way for failures was to be written later.",
        "`It is booked`, and nothing is",
    ),
    Defect(
        "failure_tries_for_ever",
        "A request that has failed is made again, and again.",
        "It usually works the second time.",
        "silence until the limits of the flow",
    ),
    Defect(
        "limit_begins_anew",
        "Who has reached a limit comes to the first step again.",
        "`limits.next` wanted a step.",
        "a round more, and then the line is dead",
    ),
    Defect(
        "trouble_begins_anew",
        "After a failure the call begins at its first step again.",
        "`handlers` wanted a step.",
        "what has just failed comes again",
    ),
    Defect(
        "speaks_to_nobody",
        "After a hang-up the flow goes on with a text.",
        "The farewell was to be said in any case.",
        "what comes after the text is not done",
    ),
    Defect(
        "trouble_has_no_way",
        "A handler for failures is gone.",
        "It was moved to another flow.",
        "the line is dead after a failure",
    ),
    Defect(
        "subflow_failed_is_fine",
        "All outcomes of a subflow lead to the same step.",
        "Only the good one was thought of.",
        "who was refused is let in",
    ),
    Defect(
        "invited_for_ever",
        "A step that was bounded can be entered as often as one likes.",
        "`visits` looked superfluous.",
        "round and round until the flow's own limit",
    ),
)
