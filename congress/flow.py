"""A process is a table: which step leads from which state to which.

The table draws the buttons and refuses the rest.
"""

from collections.abc import Mapping

from django.db.models import TextChoices


class NotAllowed(Exception):
    """A refusal in words for the user; a page answers it with 409, the API too."""

    def __init__(self, sentence: str):
        super().__init__(sentence)
        self.sentence = sentence


class Flow:
    """The transitions of one process.

    Takes a mapping {(state, step): next state}; states and steps are TextChoices whose
    labels are the words people read.
    """

    def __init__(self, table: Mapping[tuple[TextChoices, TextChoices], TextChoices]):
        self.table = dict(table)
        self.states = type(next(iter(self.table))[0])
        self.step_type = type(next(iter(self.table))[1])

    def after(self, state: str, step: str) -> TextChoices:
        """The state that `step` leads to from `state`; raises NotAllowed where there is none."""
        state, step = self.states(state), self.step_type(step)
        if (state, step) not in self.table:
            raise NotAllowed(f"“{state.label}”状态下不能“{step.label}”")
        return self.table[state, step]

    def steps(self, state: str) -> list[TextChoices]:
        """The steps possible from `state`, in the order of the table."""
        return [step for (at, step) in self.table if at == state]
