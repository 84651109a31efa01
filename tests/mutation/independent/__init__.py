"""Defects thought of by somebody who had read the language page and the platform's facts, and none of the rules.

listed.py     the list, which was there before the generators, and before any rule was looked at
"""
