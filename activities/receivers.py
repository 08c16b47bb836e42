"""What activities hear from below: a new congress, the end of a seat."""

from django.dispatch import receiver

from congress.signals import congress_created
from deputies.signals import mandate_ended

from . import access, actions  # noqa: F401 (access: who may read its files is known from here on)


@receiver(congress_created, dispatch_uid="activities.congress_created")
def ship(sender, congress, **kwargs) -> None:
    """A new congress starts with the default kinds."""
    actions.ship_kinds()


@receiver(mandate_ended, dispatch_uid="activities.mandate_ended")
def take_out(sender, mandate, on, by, **kwargs) -> None:
    """The person is no longer asked to what is held after that day."""
    actions.withdraw_after_mandate(mandate, on, by=by)
