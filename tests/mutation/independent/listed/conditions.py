"""Conditions and variables that are nearly right."""

from tests.mutation.independent.listed.defect import Defect

CONDITIONS = (
    Defect(
        "off_by_one",
        "`<` for `<=`, `>` for `>=`, or the other way.",
        "Nobody tries out the limit itself.",
        "one try too many or too few",
    ),
    Defect(
        "and_for_or",
        "`&&` for `||`, or the other way.",
        "Sentences of every day say `and` for both.",
        "the wrong callers go that way",
    ),
    Defect(
        "turned_round",
        "A condition says the contrary.",
        "It was turned when the two ways were exchanged, which was done twice.",
        "callers go the other way",
    ),
    Defect(
        "word_of_the_platform",
        "A comparison is with the word of the platform, in capitals.",
        "The API's reference says `HUMAN`, and other systems have `Paid`.",
        "the condition never holds",
    ),
    Defect(
        "counter_stands_still",
        "A counter is set to 1 in place of one more.",
        "The first round looks the same.",
        "a loop goes on until the limits",
    ),
    Defect(
        "fallback_gone",
        "`or(...)` is taken away from around a name.",
        "It looked like a matter of style.",
        "the step fails where the name is unset",
    ),
    Defect(
        "flag_turned",
        "A variable is set to `true` for `false`, or the other way.",
        "The line was copied from the other way.",
        "what depends on it goes wrong",
    ),
)
