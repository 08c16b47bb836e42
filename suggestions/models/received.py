"""上级转来: what was raised in a higher congress and sent here to be handled."""

from django.db import models
from django.db.models import F, Q

from congress.tenancy import TenantModel

from .papers import Suggestion


class Received(TenantModel):
    """Where a suggestion of the channel 上级转来 comes from. It has the sender's number beside the
    one of its own series here, and is answered to the sender, who owes the deputies the reply."""

    suggestion = models.OneToOneField(
        Suggestion, on_delete=models.PROTECT, related_name="received", verbose_name="建议"
    )
    sender = models.CharField("来文机关", max_length=80)
    number = models.CharField("原编号", max_length=60)
    sent_on = models.DateField("来文日期")
    proposer = models.CharField("提出人", max_length=120)
    reply_by = models.DateField("要求答复的日期")

    class Meta:
        verbose_name = verbose_name_plural = "上级转来件"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["congress", "sender", "number", "sent_on"],
                name="a_paper_of_a_sender_is_received_once",
            ),
            models.CheckConstraint(
                condition=Q(reply_by__gt=F("sent_on")),
                name="a_received_paper_is_answered_after_it_was_sent",
            ),
        ]

    def __str__(self):
        return f"{self.sender}{self.numbered}"

    @property
    def numbered(self) -> str:
        """The sender's number as it is spoken of, however it was written down."""
        number = self.number.removesuffix("号")
        return f"第{number}号" if number.isdecimal() else f"{number}号"
