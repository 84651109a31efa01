"""L5: the command `offhook`."""
