"""履职档案 of one deputy, period by period, and on paper."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from congress import audit, pdf
from congress.admin import site
from deputies import access as registry

from .. import access, exports
from ..queries.dossiers import Dossier, dossier
from ..queries.mine import periods_of
from .periods import READERS


def dossier_link(deputy: int, period: int) -> dict[str, str]:
    """The button that leads to a dossier."""
    return {
        "label": "履职档案",
        "url": reverse("admin:performance_dossier", args=[deputy, period]),
    }


def found(request: HttpRequest, deputy: int, period: int) -> Dossier:
    """The dossier of a deputy this member may see, in a period with a seat; otherwise 404."""
    row = registry.find(request.member, deputy)
    periods = access.periods_visible_to(request.member).filter(pk__in=periods_of(row).values("pk"))
    return dossier(row, access.find(periods, period), member=request.member)


@site.page("performance/dossiers/<int:deputy>/<int:period>/", "performance_dossier", READERS)
def dossier_page(request: HttpRequest, deputy: int, period: int) -> HttpResponse:
    """Seats, result, each point with its facts, awards, objections, what was published."""
    file = found(request, deputy, period)
    context = exports.dossier_context(file) | {
        "title": f"{file.deputy.name}履职档案",
        "note": f"{file.period.name}，{file.period.get_state_display()}",
        "back": [
            (file.deputy.name, reverse("admin:deputies_deputy_change", args=[deputy])),
        ],
        "periods": list(periods_of(file.deputy)),
        "actions": [
            {
                "label": "打开 PDF",
                "url": reverse("admin:performance_dossier_file", args=[deputy, period]),
            }
        ],
    }
    return site.render(request, "performance/admin/dossier.html", context)


@site.page(
    "performance/dossiers/<int:deputy>/<int:period>/file/", "performance_dossier_file", READERS
)
def dossier_file(request: HttpRequest, deputy: int, period: int) -> HttpResponse:
    """履职档案 as PDF; what left the house is noted."""
    file = found(request, deputy, period)
    audit.record(request.member, "performance.export", file.deputy, note=file.title)
    return pdf.shown(file.title, exports.dossier_document(file))
