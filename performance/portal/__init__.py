"""我的履职 on the deputy's phone."""

from . import account, objections, reports

urlpatterns = [*account.urlpatterns, *reports.urlpatterns, *objections.urlpatterns]
