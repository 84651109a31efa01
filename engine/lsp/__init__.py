"""L4: the language server. Keeps the open documents, asks `engine.editing` and `engine.lint` about them, answers editors.

files.py       the open documents over those on disk; what a path is
documents.py   documents as `engine.editing` wants them, kept while nothing changes
checks.py      the findings of a document
server.py      the open documents, checked while somebody types
requests.py    what an editor asks (asking.py: how it is answered)
lenient.py     what a client sends, read without insisting
translate.py   our values as the protocol's
"""
