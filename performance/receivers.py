"""What duty performance does when the kernel tells of something."""

from django.dispatch import receiver

from congress.signals import congress_created

from .actions import make_book, ship_items
from .rules.templates import TEMPLATES


@receiver(congress_created, dispatch_uid="performance.ship_templates")
def ship_templates(sender, **kwargs) -> None:
    """A new congress gets the list of duties and the three template books, as drafts."""
    ship_items()
    for key, template in TEMPLATES.items():
        make_book(by=None, name=f"{template['name']}（模板）", template=key)
