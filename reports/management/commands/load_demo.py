"""Loads the demo: a district, a smaller city and a township under it."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from congress.models import Congress
from reports.demo import load


class Command(BaseCommand):
    help = "Load the demo's congresses with invented people into a database that has none yet."

    def add_arguments(self, parser):
        parser.add_argument("--stage", choices=load.STAGES, default="year-end")

    def handle(self, *, stage: str, **options):
        if settings.HTTPS:
            raise CommandError("The demo has public passwords and is not for a real installation.")
        if load.is_loaded():
            self.stdout.write("The demo is loaded already; nothing changed.")
            return
        if Congress.objects.exists():
            raise CommandError(
                "There are congresses in this database; the demo needs an empty one "
                "(bin/demo --reset begins anew)."
            )
        say = self.stdout.write
        load.load(stage, lambda words: (say(words), self.stdout.flush()), side_by_side=True)
