from django.apps import AppConfig


class SuggestionsConfig(AppConfig):
    name = "suggestions"
    verbose_name = "代表建议"

    def ready(self):
        from . import receivers, tasks  # noqa: F401 (they listen and work from here on)
