"""Who reads figures, and the addresses of the rows behind them."""

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from congress.models import Role

from .. import access
from ..queries import figures as queries
from ..queries.figures import Asked, Scope, Year
from ..rules.figures import Check

READERS = (Role.DEPUTY_AFFAIRS, Role.CHAIR, Role.COMMITTEE, Role.STREET)
SEE_WORDS = (Role.DEPUTY_AFFAIRS, Role.CHAIR, Role.COMMITTEE)


def address(scope: Scope, asked: Asked, part: str = "top") -> str:
    """Where the rows of a figure are listed."""
    query = {"of": scope.key, **asked.query} | ({"part": part} if part != "top" else {})
    return f"{reverse('admin:suggestions_figure')}?{urlencode(query)}"


def read(request: HttpRequest, scope: Scope, known: list[Scope]) -> Year:
    """The year as this member may see it."""
    rows = access.visible_to(request.member)
    return queries.year(rows, scope, before=queries.scope_before(scope, known))


def check_url(check: Check, scope: Scope) -> str:
    """Where the rows of a failed check are listed."""
    query = urlencode({"of": scope.key, "check": check.key})
    return f"{reverse('admin:suggestions_figure_check')}?{query}"


def suggestion_url(pk: int) -> str:
    """The staff's page of a suggestion; nothing where there is none."""
    try:
        return reverse("admin:suggestions_suggestion_change", args=[pk])
    except NoReverseMatch:
        return ""
