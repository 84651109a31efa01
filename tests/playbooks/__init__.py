"""Playbooks: the interpreter's tests, told as calls."""
