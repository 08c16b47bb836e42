"""What the staff's working lists share: addresses that keep their filters, tabs, ticked rows."""

from collections.abc import Mapping

from django.db.models import QuerySet
from django.http import HttpRequest

from congress.flow import NotAllowed

EACH_PAGE = 30


def with_query(request: HttpRequest, **values: str) -> str:
    """The present address with these values of its query; the page number is dropped."""
    query = request.GET.copy()
    for name in ("page", "ticked", "export"):
        query.pop(name, None)
    for name, value in values.items():
        if value:
            query[name] = value
        else:
            query.pop(name, None)
    return "?" + query.urlencode()


def tabs(
    request: HttpRequest, labels: Mapping[str, str], counts: Mapping[str, int], here: str
) -> list[dict]:
    """Places of a desk with their counts; the other filters stay."""
    return [
        {
            "label": label,
            "count": counts.get(key, 0),
            "url": with_query(request, place=key),
            "here": key == here,
        }
        for key, label in labels.items()
    ]


def picked(request: HttpRequest, rows: QuerySet, most: int = EACH_PAGE) -> list:
    """The rows ticked in a list, at most a page of them; raises NotAllowed when none is."""
    ids = [int(n) for n in request.POST.getlist("pick") if n.isdigit()][:most]
    found = list(rows.filter(pk__in=ids))
    if not found:
        raise NotAllowed("请先勾选")
    return found
