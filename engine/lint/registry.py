"""Every rule, and the page of every code, the compiler's among them."""

from collections.abc import Mapping

from msgspec import Struct

from engine.lint.rule import Rule, RuleModule
from engine.lint.rules import (
    api002_timers_never_started,
    api003_timers_burn_during_prompt,
    api007_wait_before_start,
    api008_dead_order,
    api009_second_of_its_kind,
    api010_impossible_update,
    api011_command_after_the_end,
    api012_endless_operation,
    api013_recording_bounds,
    api014_one_sided_recording,
    api016_no_number,
    api017_same_name_twice,
    api019_other_recogniser,
    api020_detect_after_greeting,
    api021_voice_conflict,
    api022_no_language,
    api023_left_paused,
    flw002_unreachable_step,
    flw004_no_way_out,
    flw005_silent_loop,
    flw006_wait_without_end,
    flw008_shadowed_branch,
    flw009_constant_condition,
    flw011_two_voices,
    flw020_speech_cut_off,
    flw021_done_on_a_live_call,
    flw022_closed_while_open,
    flw023_talk_is_no_answer,
    flw024_targets_exchanged,
    flw025_branch_to_itself,
    flw026_swml_without_value,
    flw028_one_key_for_all,
    flw029_fails_into_itself,
    flw030_begins_anew,
    flw031_nobody_after_a_talk,
    flw032_machine_is_asked,
    sec001_literal_secret,
    sec002_overheard_entry,
    sec004_recorded_without_notice,
    sec005_unchecked_destination,
    sec006_plain_address,
    sec007_dial_without_price_limit,
    sec009_secret_not_declared,
    sty001_long_name,
    sty005_pointless_branch,
    tst001_flow_without_test,
    tst002_step_without_test,
    tst003_not_in_flow,
    ux001_too_many_options,
    ux002_long_before_input,
    ux003_no_way_to_a_person,
    ux004_failure_without_a_word,
    ux005_same_words_again,
    ux006_key_before_purpose,
    ux007_silence,
    ux008_no_keypad_way,
    ux009_unclear_number_entry,
    ux010_other_language_heard,
    ux011_hangup_without_closing,
    ux012_implausible_number,
    ux013_key_not_as_said,
    ux014_phrases_not_heard,
    ux015_entry_never_whole,
    ux016_reprompt_never_heard,
    ux017_wrong_answer_unexplained,
    ux018_unfinished_text,
    ux019_cut_off,
    ux020_fetch_takes_minutes,
    ux021_no_tone,
    ux022_other_language_spoken,
    ux023_said_as_it_is_kept,
    ux024_key_not_said,
    ux025_choice_of_nothing,
    ux026_goodbye_and_on,
    ux027_waits_for_more_keys,
    var004_unused_name,
    var008_misspelt_placeholder,
    var009_never_changes,
    var010_empty_is_used,
    var011_use_of_another_kind,
    var012_never_that,
    var013_inputs_exchanged,
)
from engine.model.diagnostics import Severity

RULES: tuple[RuleModule, ...] = (
    flw002_unreachable_step,
    flw004_no_way_out,
    flw005_silent_loop,
    flw006_wait_without_end,
    flw008_shadowed_branch,
    flw009_constant_condition,
    flw011_two_voices,
    flw020_speech_cut_off,
    flw021_done_on_a_live_call,
    flw022_closed_while_open,
    flw023_talk_is_no_answer,
    flw024_targets_exchanged,
    flw025_branch_to_itself,
    flw026_swml_without_value,
    flw028_one_key_for_all,
    flw029_fails_into_itself,
    flw030_begins_anew,
    flw031_nobody_after_a_talk,
    flw032_machine_is_asked,
    api002_timers_never_started,
    api003_timers_burn_during_prompt,
    api007_wait_before_start,
    api008_dead_order,
    api009_second_of_its_kind,
    api010_impossible_update,
    api011_command_after_the_end,
    api012_endless_operation,
    api013_recording_bounds,
    api014_one_sided_recording,
    api016_no_number,
    api017_same_name_twice,
    api019_other_recogniser,
    api020_detect_after_greeting,
    api021_voice_conflict,
    api022_no_language,
    api023_left_paused,
    var004_unused_name,
    var008_misspelt_placeholder,
    var009_never_changes,
    var010_empty_is_used,
    var011_use_of_another_kind,
    var012_never_that,
    var013_inputs_exchanged,
    sec001_literal_secret,
    sec002_overheard_entry,
    sec004_recorded_without_notice,
    sec005_unchecked_destination,
    sec006_plain_address,
    sec007_dial_without_price_limit,
    sec009_secret_not_declared,
    ux001_too_many_options,
    ux002_long_before_input,
    ux003_no_way_to_a_person,
    ux004_failure_without_a_word,
    ux005_same_words_again,
    ux006_key_before_purpose,
    ux007_silence,
    ux008_no_keypad_way,
    ux009_unclear_number_entry,
    ux010_other_language_heard,
    ux011_hangup_without_closing,
    ux012_implausible_number,
    ux013_key_not_as_said,
    ux014_phrases_not_heard,
    ux015_entry_never_whole,
    ux016_reprompt_never_heard,
    ux017_wrong_answer_unexplained,
    ux018_unfinished_text,
    ux019_cut_off,
    ux020_fetch_takes_minutes,
    ux021_no_tone,
    ux022_other_language_spoken,
    ux023_said_as_it_is_kept,
    ux024_key_not_said,
    ux025_choice_of_nothing,
    ux026_goodbye_and_on,
    ux027_waits_for_more_keys,
    sty001_long_name,
    sty005_pointless_branch,
    tst001_flow_without_test,
    tst002_step_without_test,
    tst003_not_in_flow,
)
BY_CODE: Mapping[str, Rule] = {module.RULE.code: module.RULE for module in RULES}


class Page(Struct, frozen=True, kw_only=True):
    """`rule` is None for what the compiler or the linter itself says; `text` is Markdown, its first line a summary."""

    code: str
    name: str
    severity: Severity
    text: str
    rule: Rule | None = None
    elsewhere: bool = False
    """Nothing is reported under this code: the page says where it is answered."""


def pages() -> tuple[Page, ...]:
    """All of them, sorted by code and name."""
    from engine.lint.own_pages import ELSEWHERE

    found = [
        Page(
            code=module.RULE.code,
            name=module.RULE.name,
            severity=module.RULE.severity,
            text=(module.__doc__ or "").strip() + "\n",
            rule=module.RULE,
        )
        for module in RULES
    ]
    for (code, name), text in _written().items():
        severity: Severity = "warning" if (code, name) in _WARNINGS else "error"
        found.append(Page(code=code, name=name, severity=severity, text=text.strip() + "\n"))
    for (code, name), text in ELSEWHERE.items():
        found.append(Page(code=code, name=name, severity="info", text=text.strip() + "\n", elsewhere=True))
    return tuple(sorted(found, key=lambda one: (one.code, one.name)))


def _written() -> Mapping[tuple[str, str], str]:
    """By code and name, the pages of what is no rule: long, and seldom asked for."""
    from engine.lint import own_pages
    from engine.lint.diagnosed import PAGES

    return {**PAGES, **own_pages.PAGES}


_WARNINGS = frozenset({("SYN006", "owned-key"), ("STY006", "ignore-without-use"), ("TST008", "no-flow")})


def codes() -> frozenset[str]:
    return frozenset((*BY_CODE, *(code for code, _ in _written())))


def is_code(code: str) -> bool:
    return code in codes()


def is_prefix(text: str) -> bool:
    """A code, or the letters that codes begin with (`UX`)."""
    return text.isalnum() and any(code == text or code.rstrip("0123456789") == text for code in codes())


def is_compilers(code: str, name: str) -> bool:
    return (code, name) not in {(rule.code, rule.name) for rule in BY_CODE.values()}


def near(code: str) -> str:
    """Which code was meant."""
    import difflib

    found = difflib.get_close_matches(code, sorted(codes()), n=1)
    return f"Did you mean `{found[0]}`?" if found else "`offhook explain` lists all codes."
