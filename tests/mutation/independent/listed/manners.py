"""How one speaks with callers, and lets them speak."""

from tests.mutation.independent.listed.defect import Defect

MANNERS = (
    Defect(
        "hears_all_of_it",
        "A menu cannot be interrupted any more.",
        "All of a notice was to be heard.",
        "callers who know the way have to wait",
    ),
    Defect(
        "one_attempt",
        "A question is asked once and never again.",
        "The tries were to be kept short.",
        "one slip, and the caller is out",
    ),
    Defect(
        "hurried",
        "A caller has one second to answer.",
        "It was tried out by somebody who knew the menu.",
        "silence is taken as no answer while the caller still thinks",
    ),
    Defect(
        "clock_from_the_start",
        "The caller's time runs while the prompt is played.",
        "`timers: now` sounds brisk.",
        "a long prompt is cut off",
    ),
    Defect(
        "farewell_goes_on",
        "After the farewell the flow goes back to its beginning.",
        "The last step was to go to the menu `in case there is more`.",
        "`Goodbye. Welcome to ...`",
    ),
    Defect(
        "hung_up_without_a_word",
        "Silence or a wrong key ends the call at once.",
        "The way was to be written later.",
        "the line is dead all of a sudden",
    ),
    Defect(
        "says_another_key",
        "A prompt names a key that is not on offer.",
        "The keys were renumbered, and the text was not.",
        "the caller presses it and is wrong",
    ),
    Defect(
        "choice_not_said",
        "A choice is offered that the prompt says nothing of.",
        "The sentence was taken out because the prompt was too long.",
        "nobody finds that way",
    ),
    Defect(
        "one_digit_short",
        "Fewer digits are taken than a good answer has.",
        "The number got a digit more in one place.",
        "no answer is ever good",
    ),
    Defect(
        "pound_is_nothing",
        "The prompt asks for pound, which does not end the input.",
        "The terminators were taken out as superfluous.",
        "the pound counts as a wrong answer, or as nothing",
    ),
    Defect(
        "number_as_an_amount",
        "A number is said without `spell`.",
        "On the screen it looks the same.",
        "`two hundred thousand and four` for a customer number",
    ),
    Defect(
        "amount_as_a_number",
        "An amount is said without `money`.",
        "On the screen it looks the same.",
        "`twelve point five`",
    ),
    Defect(
        "moment_as_a_number",
        "A time or a date is said as it is kept.",
        "On the screen it can be read.",
        "`two thousand twenty-six dash eleven`",
    ),
    Defect(
        "braces_of_another_system",
        "`{{ name }}` for `${{ name }}`.",
        "Other template languages write it so.",
        "the caller hears the name of the variable",
    ),
    Defect(
        "nobody_to_speak_to",
        "A menu has no way to a person any more.",
        "Calls to the desk were to become fewer.",
        "callers press 0, and it is wrong",
    ),
)
