"""Why something cannot be done with a play; the sentences are for people."""


class PlayRefused(ValueError):
    """It cannot be done as the play stands; the text says why and what to do."""


class StartRefused(PlayRefused):
    """A play cannot be started. `why`: the same in short, without names, for lists of many accounts.

    is_again: because one runs already, or the cause has started one before.
    """

    def __init__(self, text: str, why: str = "", *, is_again: bool = False) -> None:
        super().__init__(text)
        self.why, self.is_again = why or text, is_again


class LoopRefused(StartRefused):
    """Playbooks would start each other in a circle."""
