"""Copied, and not adapted."""

from tests.mutation.independent.listed.defect import Defect

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
