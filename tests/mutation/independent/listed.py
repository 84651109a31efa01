"""The list: what the authors of call flows do wrong, why they do, and what comes of it."""

from msgspec import Struct


class Defect(Struct, frozen=True):
    """`sentence`: what is wrong; `why`: how people come to it; `notices`: who notices what."""

    name: str
    sentence: str
    why: str
    notices: str


PASTING = (
    Defect(
        "prompt_of_another",
        "A question is asked with the words of another question.",
        "The step was copied, and the keys were changed but not the text.",
        "a menu whose words and keys do not belong together",
    ),
    Defect(
        "way_of_another",
        "A step goes on where another step of its kind goes on.",
        "The step was copied with its `next`.",
        "a part of the call is left out, or comes twice",
    ),
    Defect(
        "value_of_another",
        "An expression reads the field of another step that has one of that name.",
        "The text was copied from where it was about the other step.",
        "the wrong number is said, or sent",
    ),
    Defect(
        "request_of_another",
        "A request goes to the address of another one.",
        "The `fetch` was copied, and its `json` adapted.",
        "the wrong service is asked",
    ),
    Defect(
        "number_written_out",
        "A telephone number stands in the flow in place of the environment's.",
        "It was tried out with a colleague's telephone.",
        "the caller reaches whoever has that number",
    ),
    Defect(
        "placeholder_said",
        "A text was never written: a placeholder is played.",
        "The words were to come from somebody else, later.",
        "the caller hears it",
    ),
    Defect(
        "two_uses_exchanged",
        "One of the environment's values is taken for another of its type.",
        "Names are completed by the editor: the first one is taken.",
        "the wrong desk, service or calendar",
    ),
    Defect(
        "two_inputs_exchanged",
        "Two values that a subflow is given are exchanged.",
        "Both are texts, so nothing complains.",
        "the wrong words in the wrong place",
    ),
    Defect(
        "voice_of_another_language",
        "A text is spoken by the voice of another language.",
        "The step was copied from the line in the other language.",
        "the caller cannot understand the text",
    ),
)

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

UNITS = (
    Defect(
        "seconds_as_milliseconds",
        "A parameter in seconds is given in milliseconds.",
        "Other systems have milliseconds.",
        "nothing ends any more",
    ),
    Defect(
        "seconds_as_minutes",
        "A parameter in seconds is given in minutes.",
        "The design paper says `3 minutes`.",
        "the recording or the talk is cut off",
    ),
    Defect(
        "minutes_for_seconds",
        "A duration has `m` in place of `s`.",
        "A slip of the finger.",
        "silence for minutes",
    ),
    Defect(
        "seconds_for_minutes",
        "A duration has `s` in place of `m`.",
        "A slip of the finger.",
        "the caller is fetched away in the middle",
    ),
    Defect(
        "volume_as_percent",
        "A volume is given in percent, not in decibels.",
        "Other systems have percent.",
        "as loud as can be",
    ),
)

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

PLATFORM = (
    Defect(
        "transfer_for_connect",
        "The caller is handed over for good where a talk was meant to come back.",
        "`transfer` sounds like the thing to do.",
        "nobody answers, and the flow is not there any more to say so",
    ),
    Defect(
        "dial_for_connect",
        "A second call is made where the caller was to be connected.",
        "`dial` sounds like the thing to do.",
        "the colleague is called, and the caller is not there",
    ),
    Defect(
        "collect_for_ask",
        "A prompt and a plain `collect`, whose clock is never started, in place of an `ask`.",
        "The API's reference shows it like that.",
        "who does not press a key waits for ever",
    ),
    Defect(
        "speech_off",
        "Speech is not listened to any more, and the phrases are still there.",
        "It was turned off because of its price.",
        "what the prompt asks to be said is not heard",
    ),
    Defect(
        "no_tone",
        "There is no tone before the recording that the text promises one for.",
        "The default is no tone.",
        "the caller waits for it, and is not recorded",
    ),
    Defect(
        "first_breath_ends_it",
        "A recording ends after the platform's half second of silence.",
        "The default was taken for a good one.",
        "messages end after the first sentence",
    ),
    Defect(
        "one_side_only",
        "Of a talk only one side is recorded.",
        "The default was taken for a good one.",
        "half of the talk is missing",
    ),
    Defect(
        "recorded_without_end",
        "A recording has no longest length any more.",
        "Nobody talks that long.",
        "a line that stays open is recorded for hours",
    ),
    Defect(
        "waited_for_in_front",
        "What was to go on in the background is waited for.",
        "`background` was lost in a merge.",
        "music, and nothing else",
    ),
    Defect(
        "said_in_the_background",
        "A text is played in the background, and the flow goes on at once.",
        "It was to save time.",
        "two texts at once, or a farewell that is cut off",
    ),
    Defect(
        "clock_starts_too_early",
        "A collect's clock runs from its beginning, while its prompt is still played.",
        "`start_input_timers: true` sounds right.",
        "no answer, before the question is over",
    ),
    Defect(
        "rings_for_ever",
        "A desk is rung for ten minutes before the caller is told anything.",
        "Somebody will come in the end.",
        "ringing, and no way out",
    ),
)

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

FILES = (
    Defect(
        "zone_of_the_server",
        "A calendar is in UTC.",
        "The team's machines are.",
        "closed in the afternoon, open at night",
    ),
    Defect(
        "day_forgotten",
        "A working day is not in the calendar.",
        "A line was lost in a merge.",
        "closed on that day",
    ),
    Defect(
        "last_years_holidays",
        "The dates of holidays are last year's.",
        "Nobody was told to change them.",
        "open on Thanksgiving",
    ),
    Defect(
        "afternoon_as_morning",
        "A closing time is written as on a clock face.",
        "`05:00` for five in the afternoon.",
        "nothing is open",
    ),
)

LISTED = (*PASTING, *REFACTORING, *CONDITIONS, *UNITS, *MANNERS, *PLATFORM, *FAILING, *PRIVACY, *FILES)
