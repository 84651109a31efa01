"""What counts at this moment: the environment, replaced as a whole when its file changes, and whether calls are taken."""

from engine.project.environment import Environment


class Current:
    """`draining` is set when the runner is to stop: no new runs, the live ones go on."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.draining = False
