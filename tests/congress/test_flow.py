"""The table of a process draws the buttons and refuses the rest."""

import pytest
from django.db.models import TextChoices

from congress.flow import Flow, NotAllowed


class State(TextChoices):
    DRAFT = "draft", "草稿"
    SENT = "sent", "已提交"


class Step(TextChoices):
    SEND = "send", "提交"
    RETURN = "return", "退回"


FLOW = Flow({(State.DRAFT, Step.SEND): State.SENT, (State.SENT, Step.RETURN): State.DRAFT})


def test_a_step_leads_to_its_state():
    assert FLOW.after("draft", "send") == State.SENT


def test_a_step_out_of_turn_is_refused_in_words():
    with pytest.raises(NotAllowed, match="“草稿”状态下不能“退回”"):
        FLOW.after(State.DRAFT, Step.RETURN)


def test_the_table_gives_the_buttons():
    assert FLOW.steps("sent") == [Step.RETURN]
