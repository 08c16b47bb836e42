"""Check the chain of every log: one changed, removed, inserted or moved row is found."""

from django.core.management.base import CommandError

from congress import audit
from congress.management.each import EachCongress
from congress.models import LogHead
from congress.tenancy import in_congress


class Command(EachCongress):
    help = "校验操作日志链；末尾的序号和校验值可以抄存在系统之外，供日后比对"

    def handle(self, *args, **options):
        broken = 0
        for congress in self.congresses(options):
            with in_congress(congress):
                faults = audit.verify(congress)
                head = LogHead.objects.first()
            if faults:
                broken += 1
                self.stdout.write(f"{congress}：日志链有问题")
                for fault in faults:
                    self.stdout.write(f"  {fault}")
            else:
                end = f"共 {head.number} 条，校验值 {head.hash}" if head else "还没有日志"
                self.stdout.write(f"{congress}：完整，{end}")
        if broken:
            raise CommandError(f"{broken} 个人大的日志链有问题")
