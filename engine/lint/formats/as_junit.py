"""JUnit's XML, for systems that show tests: a suite, and a case for each finding that fails and for each good file."""

import re
from xml.sax.saxutils import escape, quoteattr

from engine.lint.finding import Finding
from engine.lint.report import Checked, Report
from engine.lint.settings import Settings

_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_junit(report: Report) -> str:
    cases = [case for one in report.files for case in _cases(one, report.settings)]
    failures = sum("<failure" in case for case in cases)
    counts = f'tests="{len(cases)}" failures="{failures}" errors="0"'
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f"<testsuites {counts}>",
            f'  <testsuite name="offhook lint" {counts}>',
            *cases,
            "  </testsuite>",
            "</testsuites>",
        ]
    )


def _cases(one: Checked, settings: Settings) -> list[str]:
    failing = [found for found in one.findings if settings.fails(found.severity)]
    if not failing:
        return [f"    <testcase classname={_attribute(one.file)} name={_attribute('offhook lint')}/>"]
    return [_case(found) for found in failing]


def _case(one: Finding) -> str:
    name = _attribute(f"{one.code} {one.name} (line {one.span.line})")
    way = f"A caller's way there: {' > '.join(one.witness)}" if one.witness else ""
    said = f"{one.file}:{one.span.line}:{one.span.column}: {one.message}\n{one.help}\n{way}".strip()
    return "\n".join(
        [
            f"    <testcase classname={_attribute(one.file)} name={name}>",
            f"      <failure type={_attribute(one.severity)} message={_attribute(one.message)}>{_text(said)}</failure>",
            "    </testcase>",
        ]
    )


def _attribute(text: str) -> str:
    return quoteattr(_NO_XML.sub("?", text))


def _text(text: str) -> str:
    return escape(_NO_XML.sub("?", text))
