"""Let the time limits of suggestions be what they owe, for instance after an upgrade that knows
another kind; whatever agrees already is left as it is."""

from django.core.management.base import BaseCommand, CommandError

from congress.models import Congress
from suggestions.tasks import mend_all


class Command(BaseCommand):
    help = "核对各件建议的时限，缺少的补上，多出的取消"

    def add_arguments(self, parser):
        parser.add_argument("--congress", help="只核对这一个标识的人大")

    def handle(self, *args, **options):
        rows = Congress.objects.order_by("pk")
        if options["congress"]:
            rows = rows.filter(key=options["congress"])
            if not rows:
                raise CommandError(f"没有标识为 {options['congress']} 的人大")
        for congress in rows:
            self.stdout.write(f"{congress}：{mend_all(congress)}项时限有变动")
