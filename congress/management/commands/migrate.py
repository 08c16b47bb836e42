"""Django's migrate, as the owner's login."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db.migrations.state import ProjectState


class Command(Migrate):
    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def execute(self, *args, **options):
        if options["database"] not in settings.DATABASES:
            raise CommandError("DATABASE_OWNER_URL is missing: only the owner changes the schema")
        with only_what_changed_is_made_anew():
            return super().execute(*args, **options)


@contextmanager
def only_what_changed_is_made_anew() -> Iterator[None]:
    """Django makes all models anew after each operation that touches one they are linked with,
    and all of ours are linked with the congress: a minute of a first migration went there. The
    one model changed is enough for the schema; what runs Python upon the models is still given
    all of them anew (`is_delayed`)."""
    whole = ProjectState.reload_model

    def reload_model(self, app_label, model_name, delay=False):
        if "apps" in self.__dict__:
            self.is_delayed = True
            self._reload({(app_label, model_name)})

    ProjectState.reload_model = reload_model
    try:
        yield
    finally:
        ProjectState.reload_model = whole
