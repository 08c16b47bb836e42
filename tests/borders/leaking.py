"""Pages that forget their congress, for the control of test_neighbours."""

from django.http import Http404, HttpResponse
from django.urls import path

from congress.models import Congress, Unit
from congress.tenancy import in_congress


def units(**wanted):
    for congress in Congress.objects.all():
        with in_congress(congress):
            yield from Unit.objects.filter(**wanted)


def row(request, pk):
    for unit in units(pk=pk):
        return HttpResponse(unit.name)
    raise Http404


def answer(request, pk):
    """Shows nothing, but tells whether the row is there."""
    if list(units(pk=pk)):
        return HttpResponse(status=409)
    raise Http404


def everything(request):
    return HttpResponse(" ".join(u.name for u in units()))


def handler404(request, exception):
    """Without the house's frame, whose links lead to pages that are not here."""
    return HttpResponse(status=404)


urlpatterns = [
    path("leaking/<int:pk>/", row),
    path("leaking/<int:pk>/answer/", answer),
    path("leaking/", everything),
]
