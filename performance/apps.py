from django.apps import AppConfig


class PerformanceConfig(AppConfig):
    name = "performance"
    verbose_name = "履职"

    def ready(self):
        from congress.files import readable_by

        from . import access, receivers, tasks  # noqa: F401 (they register themselves)
        from .exports import PURPOSE

        readable_by(access.EVIDENCE)(access.evidence_readable)
        readable_by(PURPOSE)(access.publication_file_readable)
