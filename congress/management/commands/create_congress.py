"""A working congress in one command, with its first system administrator."""

from argparse import ArgumentTypeError
from datetime import date

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from congress import actions
from congress.flow import NotAllowed
from congress.models import Congress, Role
from congress.tenancy import in_congress


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} 不是日期，请写成 2022-01-10") from None


class Command(BaseCommand):
    help = "建立一个人大：届、基本单位、办法模板；不用重启"

    def add_arguments(self, parser):
        parser.add_argument("--key", required=True, help="标识，如 gulou，也是网址的开头")
        parser.add_argument("--level", choices=Congress.Level.values, default="county")
        parser.add_argument("--name", required=True, help="如 鼓楼区人民代表大会")
        parser.add_argument("--standing-committee", help="常务委员会（主席团）全称，默认按名称推出")
        parser.add_argument("--short-name", help="简称，默认按名称推出")
        parser.add_argument("--parent", help="所属区县人大的标识（乡级）")
        parser.add_argument("--host", action="append", default=[], help="另外的网址，可以写几次")
        parser.add_argument("--term", type=int, required=True, help="本届是第几届")
        parser.add_argument("--term-starts", type=day, required=True, help="本届起始日期")
        parser.add_argument("--admin", help="第一位系统管理员的登录名")
        parser.add_argument("--admin-name", default="系统管理员")

    def handle(self, *args, **options):
        county = options["level"] == Congress.Level.COUNTY
        tail = "常务委员会" if county else "主席团"
        name = options["name"].strip()
        parent = None
        if options["parent"]:
            parent = Congress.objects.filter(key=options["parent"]).first()
            if parent is None:
                raise CommandError(f"没有标识为 {options['parent']} 的人大")
        try:
            congress = actions.create_congress(
                key=options["key"],
                level=options["level"],
                name=name,
                standing_committee_name=options["standing_committee"] or name + tail,
                short_name=options["short_name"] or name.replace("人民代表大会", "人大"),
                parent=parent,
                hosts=options["host"],
                term_number=options["term"],
                term_starts_on=options["term_starts"],
            )
            self.stdout.write(f"已建立 {congress.name}")
            self.stdout.write(f"网址的主机名：{congress.key}.{settings.BASE_DOMAIN}")
            if options["admin"]:
                with in_congress(congress):
                    _, password = actions.open_login(
                        by=None,
                        login_name=options["admin"],
                        name=options["admin_name"],
                        role=Role.SYSTEM_ADMIN,
                    )
                self.stdout.write(f"系统管理员 {options['admin']}，一次性密码：{password}")
                self.stdout.write("密码只显示这一次，首次登录须修改。")
        except NotAllowed as refusal:
            raise CommandError(refusal.sentence) from None
