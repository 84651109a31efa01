"""`offhook explain`: what a finding means, and what to write instead."""

import json

import click

from engine.cli import output
from engine.lint import registry
from engine.lint.registry import Page
from engine.model.errors import ConfigurationError

FORMAT = 1
"""Version of the JSON format."""


@click.command()
@click.argument("code", required=False)
@output.form
def command(code: str | None, form: str) -> None:
    """Say what a code of `offhook lint` means; without one, list them all."""
    pages = [page for page in registry.pages() if code is None or page.code == code.upper()]
    if not pages:
        raise ConfigurationError(f"There is no code {code}.", help=registry.near((code or "").upper()))
    if form == "json":
        click.echo(json.dumps({"format": FORMAT, "rules": [_row(page) for page in pages]}, indent=2))
    elif code is None:
        for page in pages:
            click.echo(f"{page.code}  {page.severity:<7}  {page.name}: {page.text.partition(chr(10))[0]}")
    else:
        click.echo("\n".join(_page(page) for page in pages), nl=False)


def _row(page: Page) -> dict[str, object]:
    rule = page.rule
    return {
        "code": page.code,
        "name": page.name,
        "severity": page.severity,
        "by": "rule" if rule else "compiler",
        "fix": rule.fixability if rule else "none",
        "since": rule.since if rule else 1,
        "options": dict(rule.options) if rule else {},
        "page": page.text,
    }


def _page(page: Page) -> str:
    head = click.style(f"{page.code} {page.name}", bold=True)
    return f"{head} ({page.severity})\n\n{_headings(page.text)}"


def _headings(text: str) -> str:
    lines = (click.style(line[3:], bold=True) if line.startswith("## ") else line for line in text.splitlines())
    return "\n".join(line for line in lines if not line.startswith("```")) + "\n"
