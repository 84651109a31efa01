"""Pages of what the compiler says: a table for each family of codes, by code and name."""

from collections.abc import Mapping

from engine.lint.diagnosed import calls, flow, names, privacy, yaml_form

PAGES: Mapping[tuple[str, str], str] = {**yaml_form.PAGES, **calls.PAGES, **flow.PAGES, **names.PAGES, **privacy.PAGES}
