"""One rule a file, named `<code>_<name>.py`: the docstring is its page, `RULE` its row, `check` its code."""
