"""What the platform was thought to do."""

from tests.mutation.independent.listed.defect import Defect

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
