"""时限 on the phone: one's own, with its working."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from congress.access import signed_in

from . import access


@signed_in
def deadline(request: HttpRequest, pk: int) -> HttpResponse:
    """When it is due and how that was come by."""
    row = access.find(request.member, pk)
    opens = row.link if row.link.startswith("/me/") else ""
    return render(request, "deadlines/portal/deadline.html", {"deadline": row, "opens": opens})


urlpatterns = [path("deadlines/<int:pk>/", deadline, name="portal_deadline")]
