"""L3: flows and environments from disk, as consistent snapshots.

flows.py         a flow with the files that it names; bound.py with its calendars, snapshot.py a folder at one moment
environment.py   an environment file (signing_keys.py)
checking.py      one file's findings and fixes; linting/ those of all
testing.py       test files, run: readying.py, parts.py
exploring.py     a flow explored, generating.py cases proposed for it: beside.py what its tests give
zones.py         time zones, vendor_swml.py the vendor's schema of SWML (vendor_swml_fits.py)
"""
