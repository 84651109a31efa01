"""L3: many files from disk to their findings, without reading twice what is known.

files.py      which files there are
settings.py   what the project has chosen
cache.py      findings of earlier runs
many.py       all files: from the cache, or checked, in several processes where that pays
copies.py     these processes on Linux: copies of the first
pool.py       elsewhere

Nothing here imports the compiler before there is a file to check (`engine.project.checking`): where all findings are
known, importing it would take longer than everything else.
"""
