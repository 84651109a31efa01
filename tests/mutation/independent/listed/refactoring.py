"""Taken out, turned off or merged when the flow was rewritten."""

from tests.mutation.independent.listed.defect import Defect

REFACTORING = (
    Defect(
        "set_left_out",
        "Nobody goes to a step any more that computes something.",
        "The way was shortened when the steps around it were rewritten.",
        "what depends on the variable goes wrong",
    ),
    Defect(
        "notice_left_out",
        "Nobody goes to a step any more that tells the caller something.",
        "The way was shortened to save the caller's time.",
        "the caller is not told",
    ),
    Defect(
        "request_left_out",
        "Nobody goes to a request any more: the way goes on as if it had been answered.",
        "It was taken out while its service was down, for a trial.",
        "the caller is told what has not happened",
    ),
    Defect(
        "order_left_out",
        "Nobody goes to a step any more that stops, pauses or resumes something.",
        "The step looked superfluous, as all goes well without it in a quiet test.",
        "music under the next text, or a recording that goes on",
    ),
    Defect(
        "waiting_left_out",
        "Nobody waits any more for an operation before what it found is used.",
        "In a test it is always quick enough.",
        "works or does not, as the webhooks come",
    ),
    Defect(
        "condition_left_true",
        "A condition is `true`.",
        "That way was to be tried out once.",
        "all callers go one way",
    ),
    Defect(
        "condition_left_false",
        "A condition is `false`.",
        "That way was to be turned off for a while.",
        "no caller goes that way",
    ),
    Defect(
        "branch_decides_nothing",
        "The last way of a branch is the same as the first one.",
        "A step was removed, and its name was replaced everywhere.",
        "all callers go one way",
    ),
    Defect(
        "conditions_in_other_order",
        "The more general of two conditions comes first.",
        "A new case was put in where there was room.",
        "a case that is never reached",
    ),
    Defect(
        "interrupted_call_begins_anew",
        "A handler goes to the first step in place of `resume`.",
        "`resume` was not known.",
        "whoever is interrupted has to begin again",
    ),
    Defect(
        "two_choices_one_way",
        "Two choices lead to the same step.",
        "One of the two steps was merged into the other, or a line was copied.",
        "the caller gets what was not chosen",
    ),
)
