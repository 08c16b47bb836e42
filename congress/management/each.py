"""What a command does congress by congress."""

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from congress.models import Congress


class EachCongress(BaseCommand):
    """Over all congresses, or the one named by --congress."""

    def add_arguments(self, parser):
        parser.add_argument("--congress", help="只查这一个标识的人大")

    def congresses(self, options: dict) -> QuerySet[Congress]:
        """Those that were asked for. Raises CommandError where nobody has that key."""
        rows = Congress.objects.order_by("pk")
        if options["congress"]:
            rows = rows.filter(key=options["congress"])
            if not rows:
                raise CommandError(f"没有标识为 {options['congress']} 的人大")
        return rows
