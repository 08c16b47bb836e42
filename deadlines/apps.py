from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "deadlines"
    verbose_name = "时限"

    def ready(self):
        from congress.signals import calendar_changed

        from .actions import recompute

        calendar_changed.connect(
            lambda sender, by, **kw: recompute(by=by), weak=False, dispatch_uid="recompute"
        )
