"""`{% load deadlines %}`: a time limit with its light and its working, the same for everybody."""

from collections.abc import Iterable

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from congress.templatetags.house import badge

from ..models import Deadline
from ..rules import Light, light

register = template.Library()
TONES = {Light.GREEN: "active", Light.YELLOW: "warn", Light.RED: "late"}


@register.simple_tag
def light_of(due_on, done: bool = False) -> SafeString:
    """The light of a due date in words and colour; nothing once it is `done`."""
    if due_on is None or done:
        return SafeString("")
    found = light(due_on, timezone.localdate())
    return badge(found.label, TONES[found])


@register.inclusion_tag("deadlines/how.html")
def how(lines: Iterable[str]):
    """How a day was come by; also of a day that is only proposed."""
    return {"lines": list(lines or ())}


@register.inclusion_tag("deadlines/limits.html")
def limits(deadlines: Iterable[Deadline]):
    """The time limits of a page's matter (queries.shown), inside its list of facts."""
    return {"deadlines": deadlines}


@register.inclusion_tag("deadlines/working.html")
def working(deadline: Deadline):
    """When it is due and how that was come by: start, days left out, extensions, what moved it,
    the article."""
    return {
        "deadline": deadline,
        "extensions": list(deadline.extensions.select_related("by")),
        "shifts": list(deadline.shifts.all()),
    }
