"""履职档案 on the deputy's own phone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from congress import pdf
from congress.access import only
from congress.models import Role
from deputies import access as registry

from .. import access, exports
from ..queries.dossiers import Dossier, dossier
from ..queries.mine import periods_of


def found(request: HttpRequest, period: int) -> Dossier:
    """The own dossier of a period with a seat, otherwise 404."""
    deputy = registry.own(request.member)
    return dossier(deputy, access.find(periods_of(deputy), period), member=request.member)


@only(Role.DEPUTY)
def own_dossier(request: HttpRequest, period: int) -> HttpResponse:
    """Seats, result, awards, objections, what was published."""
    file = found(request, period)
    context = exports.dossier_context(file) | {"periods": list(periods_of(file.deputy))}
    return render(request, "performance/portal/dossier.html", context)


@only(Role.DEPUTY)
def own_file(request: HttpRequest, period: int) -> HttpResponse:
    """The same as PDF, with each point and its facts, shown in the page."""
    file = found(request, period)
    return pdf.shown(file.title, exports.dossier_document(file))


urlpatterns = [
    path("performance/dossiers/<int:period>/", own_dossier, name="portal_dossier"),
    path("performance/dossiers/<int:period>/file/", own_file, name="portal_dossier_file"),
]
