"""Tokens by whose and whether they still open something."""

import datetime as dt

from django import forms
from django.db.models import Q, QuerySet

from ..models import ApiToken
from .fields import WordsField
from .filters import FilterForm


class TokenFilter(FilterForm):
    """Tokens by owner or use, and by state."""

    q = WordsField(label="成员或用途", max_length=40, required=False)
    state = forms.ChoiceField(
        label="情况",
        required=False,
        choices=[("", "有效"), ("over", "已停用或到期"), ("all", "全部")],
    )

    def narrowed(self, rows: QuerySet[ApiToken], now: dt.datetime) -> QuerySet[ApiToken]:
        """The tokens asked for, the newest first."""
        asked = self.asked()
        open_ = Q(revoked_at=None, expires_at__gt=now)
        state = asked.get("state", "")
        if state != "all":
            rows = rows.exclude(open_) if state == "over" else rows.filter(open_)
        if asked.get("q"):
            rows = rows.filter(
                Q(label__icontains=asked["q"]) | Q(membership__name__icontains=asked["q"])
            )
        return rows.order_by("-pk")
