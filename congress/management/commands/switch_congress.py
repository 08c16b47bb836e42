"""Switch a congress off or on again."""

from django.core.management.base import BaseCommand, CommandError

from congress import actions
from congress.flow import NotAllowed
from congress.models import Congress


class Command(BaseCommand):
    help = "停用或启用一个人大，数据都保留"

    def add_arguments(self, parser):
        parser.add_argument("key", help="人大的标识")
        parser.add_argument("state", choices=["on", "off"])

    def handle(self, *args, **options):
        congress = Congress.objects.filter(key=options["key"]).first()
        if congress is None:
            raise CommandError(f"没有标识为 {options['key']} 的人大")
        on = options["state"] == "on"
        try:
            (actions.switch_on if on else actions.switch_off)(congress)
        except NotAllowed as refusal:
            raise CommandError(refusal.sentence) from None
        self.stdout.write(f"{congress}已{'启用' if on else '停用'}")
