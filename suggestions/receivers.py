"""What suggestions hear from below: a new congress, the end of a seat."""

from django.db.models import Q
from django.dispatch import receiver

from activities.queries import own_level
from congress.models import Congress
from congress.signals import congress_created
from deputies.signals import mandate_ended

from . import access, actions  # noqa: F401 (access: who may read its files is known from here on)
from .models import Suggestion

RUNNING = Q(closed_at=None) & ~Q(
    state__in=[
        Suggestion.State.CLOSED, Suggestion.State.ARCHIVED, Suggestion.State.WITHDRAWN,
        Suggestion.State.TERMINATED, Suggestion.State.NOT_ACCEPTED,
    ]
)  # fmt: skip


@receiver(congress_created, dispatch_uid="suggestions.congress_created")
def ship(sender, congress, **kwargs) -> None:
    """A new congress starts with the categories and a draft of rules to be edited and published."""
    actions.ship_categories()
    is_township = congress.level == Congress.Level.TOWNSHIP
    actions.make_rule_set(by=None, template="township" if is_township else "plain")


@receiver(mandate_ended, dispatch_uid="suggestions.mandate_ended")
def hand_on(sender, mandate, on, by, **kwargs) -> None:
    """The next co-signer leads what the person led, unless another seat here goes on."""
    seats = mandate.deputy.mandates.filter(level=own_level())
    if seats.filter(Q(ends_on=None) | Q(ends_on__gt=on)).exists():
        return
    rows = Suggestion.objects.filter(RUNNING, lead=mandate.deputy)
    # A state secret is handled outside: how far it is, is not known here.
    for row in rows.exclude(is_secret_placeholder=True).order_by("pk"):
        actions.succeed_lead(row, by=by, on=on)
