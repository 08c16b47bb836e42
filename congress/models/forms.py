"""Submitted forms: a form sent twice makes one record."""

from django.db import models

from ..tenancy import TenantModel


class SubmittedForm(TenantModel):
    """The token of a form that was carried out, and where it led."""

    token = models.UUIDField(unique=True)
    location = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()
