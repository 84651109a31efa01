"""L4: the live process: one event at a time per run, journalled before anything is sent."""
