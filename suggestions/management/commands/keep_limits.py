"""Let the time limits of suggestions be what they owe, for instance after an upgrade that knows
another kind; whatever agrees already is left as it is."""

from congress.management.each import EachCongress
from suggestions.tasks import mend_all


class Command(EachCongress):
    help = "核对各件建议的时限，缺少的补上，多出的取消"

    def handle(self, *args, **options):
        for congress in self.congresses(options):
            self.stdout.write(f"{congress}：{mend_all(congress)}项时限有变动")
