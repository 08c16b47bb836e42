from django.apps import AppConfig


class DeputiesConfig(AppConfig):
    name = "deputies"
    verbose_name = "代表"

    def ready(self):
        from congress import files
        from notices.reach import phone_book

        from . import (
            queries,
            tasks,  # noqa: F401 (registers the background work)
        )
        from .actions.rosters import FILE_PURPOSE

        # An uploaded roster is kept sealed for checking and undoing; nobody downloads it.
        files.readable_by(FILE_PURPOSE)(lambda member, row: False)
        # The committee's register of phones is where SMS and the call list find deputies.
        phone_book(queries.phones_of)
