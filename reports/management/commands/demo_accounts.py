"""Prints the demo's addresses and one account of every role."""

import unicodedata

from django.conf import settings
from django.core.management.base import BaseCommand

from congress.models import Congress
from reports.demo import load
from reports.demo.places import PLACES


class Command(BaseCommand):
    help = "Print the demo's addresses and one account of every role, read from the database."

    def add_arguments(self, parser):
        parser.add_argument("--port", default="8000", help="the port the web server listens at")

    def handle(self, *, port: str, **options):
        found = Congress.objects.filter(key__in=[p.key for p in PLACES], is_active=True)
        for congress in found:
            address = f"http://{congress.key}.{settings.BASE_DOMAIN}:{port}/"
            self.stdout.write(f"\n{congress.name}  {address}")
            for role, login, password in load.accounts(congress):
                self.stdout.write(f"  {_padded(role, 34)}{_padded(login, 20)}{password}")
        if not found:
            self.stdout.write("The demo is not loaded: manage.py load_demo")


def _padded(words: str, width: int) -> str:
    """Chinese characters are two columns wide in a terminal."""
    taken = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in words)
    return words + " " * max(1, width - taken)
