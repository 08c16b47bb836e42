from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "activities"
    verbose_name = "活动"

    def ready(self):
        from . import receivers  # noqa: F401 (listens from here on, file readers too)
