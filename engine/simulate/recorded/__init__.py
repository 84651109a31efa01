"""Calls that were made, as values: told again, carried elsewhere, made into tests, held against another version of a flow.

recording.py   a run with the flow version that it was started with, and its portable file
course.py      what a run did, step by step and command by command; in which words
comparing.py   a recording through a candidate version: same, other words, another course
meanwhile.py   what the candidate's own timers do between two recorded events
redacting.py   a recording without what is personal, as long as it takes the same course
scripting.py   a recording as the scenario of a test case (lines.py, replies.py, mishaps.py)
case.py        that case, with what is to come of it
"""
