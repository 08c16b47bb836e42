"""Check what must be true at all times, for instance after a crash."""

from django.core.management.base import CommandError

from congress import invariants
from congress.management.each import EachCongress


class Command(EachCongress):
    help = "核对任何时候都应成立的事：日志链、关联、后台任务、文件以及各应用自己的"

    def handle(self, *args, **options):
        count = 0
        for congress in self.congresses(options):
            for title, faults in invariants.check(congress).items():
                mark = "不成立" if faults else "成立"
                if faults or options["verbosity"] > 1:
                    self.stdout.write(f"{congress}：{title}，{mark}")
                for fault in faults:
                    self.stdout.write(f"  {fault}")
                count += len(faults)
        if count:
            raise CommandError(f"发现 {count} 处问题")
        self.stdout.write("全部成立")
