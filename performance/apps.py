from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    name = "performance"
    verbose_name = "履职"

    def ready(self):
        from . import tasks  # noqa: F401 (registers its jobs)
