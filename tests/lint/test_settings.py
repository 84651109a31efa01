"""A project's settings: what they change, and what is said of mistakes in them."""

import pytest

from engine.lint.reading_settings import read_settings
from engine.lint.rule import Rule
from engine.lint.settings import Settings
from engine.model.errors import ConfigurationError
from tests.lint.flow import check, codes, small

STEPS = small("  a:\n    play: {play: [{silence: 1}], loop: 0}\n    next: bye\n  b:\n    end: done\n")


def settings(text: str, file: str = "offhook.toml") -> Settings:
    found = read_settings(file, text)
    assert found is not None
    return found


def test_no_settings_are_the_defaults() -> None:
    assert settings("") == Settings()
    assert read_settings("pyproject.toml", "[tool.ruff]\nline-length = 120\n") is None
    assert settings("[tool.offhook.lint]\nprofile = 'draft'\n", "pyproject.toml").profile == "draft"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["API012", "FLW002"]),
        ("[lint]\nselect = ['API']", ["API012"]),
        ("[lint]\nignore = ['API012']", ["FLW002"]),
        ("[lint.per-file-ignores]\n'small.*' = ['FLW', 'API']", []),
        ("[lint.per-file-ignores]\n'other.*' = ['FLW', 'API']", ["API012", "FLW002"]),
    ],
)
def test_settings_choose_rules(text: str, found: list[str]) -> None:
    assert codes(STEPS, settings(text)) == found


def test_pattern_of_a_file_matches_below_any_folder() -> None:
    chosen = settings("[lint.per-file-ignores]\n'flows/old_*.flow.yaml' = ['UX']")
    assert not chosen.takes("UX001", "flows/old_menu.flow.yaml")
    assert not chosen.takes("UX001", "/srv/ivr/flows/old_menu.flow.yaml")
    assert chosen.takes("UX001", "flows/menu.flow.yaml")


def test_severity_and_options_are_the_projects() -> None:
    chosen = settings("[lint]\nseverity = {FLW002 = 'error'}\n[lint.rules.STY001]\nmax_name = 0\n")
    assert [(one.code, one.severity) for one in check(STEPS, chosen)] == [
        ("STY001", "info"),
        ("API012", "warning"),
        ("FLW002", "error"),
        ("STY001", "info"),
        ("STY001", "info"),
    ]


def test_rule_newer_than_the_set_of_a_project_is_off() -> None:
    newer = Rule(code="UX099", name="new", severity="error", since=2)
    assert not Settings(rule_set=1).runs(newer, "a")
    assert Settings(rule_set=2).runs(newer, "a")


def test_profiles_differ_in_what_fails() -> None:
    failing = {
        name: [severity for severity in ("error", "warning", "info") if Settings(profile=name).fails(severity)]
        for name in ("draft", "ci", "production")
    }
    assert failing == {"draft": ["error"], "ci": ["error", "warning"], "production": ["error", "warning", "info"]}


@pytest.mark.parametrize(
    ("text", "said", "advice"),
    [
        ("[lint]\n\nselct = []", "offhook.toml:3: There is no setting `selct`.", "select"),
        ('[lint]\nselect = [\'UX001\',\n  "UX011",\n  "UX091"]', "offhook.toml:4: There is no rule `UX091`.", "UX0"),
        ("[lint]\nignore = 'UX'", "offhook.toml:2: `ignore` is a list of codes.", 'ignore = ["UX001"]'),
        ("[lint]\nprofile = 'strict'", "offhook.toml:2: `profile` is one of draft, ci, production.", "profile ="),
        ("[lint]\nrule_set = 99", "offhook.toml:2: `rule_set` is at most 1 in this version.", "update"),
        ("[lint]\nrule_set = true", "offhook.toml:2: `rule_set` is a whole number from 1.", "rule_set ="),
        ("[lint]\nbaseline = 3", "offhook.toml:2: `baseline` is the name of a file.", "baseline ="),
        ("lint = 3", "offhook.toml:1: `lint` is a table.", "[lint]"),
        ("\n[lnt]\nprofile = 'draft'", "offhook.toml:2: There is no table `lnt`.", "Did you mean [lint]?"),
        ("[lint]\n\n[tool.offhook.lint]", "offhook.toml:3: There is no table `tool`.", "are [lint]"),
        ("profile = 'draft'", "offhook.toml:1: There is no table `profile`.", "are [lint]"),
        (
            "[lint.severity]\nUX0O1 = 'error'",
            "offhook.toml:2: There is no rule `UX0O1` whose severity can be set.",
            "UX0",
        ),
        (
            "[lint.severity]\nFLW001 = 'info'",
            "offhook.toml:2: The severity of `FLW001` cannot be set",
            "Remove the line.",
        ),
        ("[lint]\nseverity = {UX001 = 'fatal'}", "offhook.toml:2: `UX001` is one of error, warning, info.", "UX001 ="),
        ("[lint.rules.UX001]\nmax = 3", "offhook.toml:2: `UX001` has no option `max`.", "max_options"),
        ("[lint.rules.UX001]\nmax_options = 'six'", "offhook.toml:2: `max_options` is a whole number from 0.", "= 5"),
        ("[lint.rules]\nUX001 = 3", "offhook.toml:2: The options of `UX001` are a table.", "UX001 = {max_options = 5}"),
        ("[lint.rules]\nAPI009 = 3", "offhook.toml:2: The options of `API009` are a table.", "remove the line"),
        ("[lint]\nrule_set = 0", "offhook.toml:2: `rule_set` is a whole number from 1.", "rule_set = 1"),
        ("[lint.per-file-ignores]\n'a*' = ['X']", "offhook.toml:2: There is no rule `X`.", ""),
        ("[lint", "offhook.toml is not TOML: ", "Correct it"),
    ],
)
def test_mistake_in_settings_names_line_and_remedy(text: str, said: str, advice: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_settings("offhook.toml", text)
    assert caught.value.message.startswith(said)
    assert advice in caught.value.help
    assert caught.value.help
