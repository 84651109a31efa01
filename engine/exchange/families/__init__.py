"""The families of commands, one file each: rows of commands, and what their operations do."""
