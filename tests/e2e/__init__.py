"""Real processes over real HTTP: a sandbox on one side, `offhook run` on the other."""
