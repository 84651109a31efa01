"""L3: what outlives the process: runs, their events, and the bundles they were started with.

base.py        the contract; sqlite.py keeps it in a file, memory.py in the process
writer.py      the thread that writes; batch.py what it writes, wal.py the log that it leaves
reader.py      from any process; bundles.py the flows in it
schema.py      the tables and their version; migrations.py how an older one becomes this one
sealing.py     encryption of what is secret or private
lock.py        one journal, one runner
retention.py   what is deleted; compact.py gives its space back
check.py       what is wrong with a journal (rows.py); backup.py a copy that is whole
"""
