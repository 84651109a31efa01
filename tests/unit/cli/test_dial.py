"""What `offhook dial` takes together."""

import pytest
from click.testing import CliRunner

from engine.cli import offhook


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "Give either --to NUMBER or --from-csv FILE"),
        (["--to", "+15550177", "--from-csv", __file__], "Give either --to NUMBER or --from-csv FILE"),
        (["--from-csv", __file__, "--input", "name=Kim"], "With --from-csv an input is a column"),
        (["--from-csv", __file__, "--key", "k"], "With --from-csv an input is a column"),
        (["--to", "+15550177", "--rate", "2"], "--rate goes with --from-csv"),
        (["--to", "+15550177", "--format", "json"], "--format goes with --from-csv"),
        (["--to", "+15550177", "--input", "name"], "want NAME=VALUE"),
    ],
)
def test_options_that_do_not_go_together_are_refused(options: list[str], said: str) -> None:
    done = CliRunner().invoke(offhook, ["dial", "reminder", *options], env={"OFFHOOK_API_TOKEN": "t"})
    assert (done.exit_code, said in done.output) == (2, True), done.output
