"""L2: what an editor asks of a document that is being written. Takes its text and a place in it, gives values.

cursor.py       where a place stands, from the text around it: half a line is enough (lines.py, brackets.py)
keys.py         what the schemas say of a path: keys, types, units, defaults
document.py     a document with what stands beside it
known.py        the names that a document may use, each with a line about it
occurrences.py  where names are declared and used (uses_of.py: in expressions)
completion.py   what may be written here (expressions.py: in `${{ }}` and CEL)
hover.py        what stands here (naming.py: a name of the author's)
links.py        where a name is declared, and where it is used
renaming.py     another name for a step or a variable
outline.py      the sections and steps
actions.py      repairs of findings, and comments that leave them
positions.py    offsets, and positions as a client counts them

Places are offsets in characters; files beside the document are named relative to the flows folder.
"""
