from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CongressConfig(AppConfig):
    name = "congress"
    verbose_name = "平台"

    def ready(self):
        from . import signin  # noqa: F401 (listens to sign-ins and failures)
        from .api import openapi  # noqa: F401 (describes the interface's tokens)
        from .tenancy import lock_tables

        post_migrate.connect(
            lambda sender, using, **kw: lock_tables(sender, using),
            weak=False,
            dispatch_uid="lock_tables",
        )
