"""我的履职 on the deputy's phone."""

from . import account, dossiers, objections, reports

urlpatterns = [
    *account.urlpatterns,
    *dossiers.urlpatterns,
    *reports.urlpatterns,
    *objections.urlpatterns,
]
