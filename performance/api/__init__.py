"""Duty performance for programs: facts, reports, accounts, objections, publications."""

from django.urls import path

from .accounts import Account, OwnAccount, Periods, Totals
from .objections import Objections
from .publications import OnePublication, PublicationRows, Publications
from .records import Facts, Items
from .reports import DropReport, OneReport, Reports

urlpatterns = [
    path("performance/items/", Items.as_view(), name="api_duty_items"),
    path("performance/facts/", Facts.as_view(), name="api_duty_facts"),
    path("performance/reports/", Reports.as_view(), name="api_self_reports"),
    path("performance/reports/<int:pk>/", OneReport.as_view(), name="api_self_report"),
    path("performance/reports/<int:pk>/drop/", DropReport.as_view(), name="api_drop_report"),
    path("performance/periods/", Periods.as_view(), name="api_periods"),
    path("performance/periods/<int:pk>/totals/", Totals.as_view(), name="api_totals"),
    path("performance/periods/<int:pk>/totals/<int:deputy>/", Account.as_view(),
         name="api_account"),
    path("performance/periods/<int:pk>/account/", OwnAccount.as_view(), name="api_own_account"),
    path("performance/objections/", Objections.as_view(), name="api_objections"),
    path("performance/publications/", Publications.as_view(), name="api_publications"),
    path("performance/publications/<uuid:public_id>/", OnePublication.as_view(),
         name="api_publication"),
    path("performance/publications/<uuid:public_id>/rows/", PublicationRows.as_view(),
         name="api_publication_rows"),
]  # fmt: skip
