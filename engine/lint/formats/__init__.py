"""Findings for programs: each module has one function, from a report to a text."""
