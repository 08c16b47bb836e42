"""The first account of an officer, or another one when nobody can open it in the browser."""

from django.core.management.base import BaseCommand, CommandError

from congress import actions
from congress.flow import NotAllowed
from congress.models import THREE_OFFICERS, Congress, Role
from congress.tenancy import in_congress


class Command(BaseCommand):
    help = "开通系统、安全或审计管理员的账号，一次性密码只显示一次"

    def add_arguments(self, parser):
        parser.add_argument("--congress", required=True, help="人大的标识")
        parser.add_argument("--role", choices=sorted(THREE_OFFICERS), default=Role.SYSTEM_ADMIN)
        parser.add_argument("--login", required=True, help="登录名")
        parser.add_argument("--name", required=True, help="姓名")

    def handle(self, *args, **options):
        congress = Congress.objects.filter(key=options["congress"]).first()
        if congress is None:
            raise CommandError(f"没有标识为 {options['congress']} 的人大")
        try:
            with in_congress(congress):
                member, password = actions.open_login(
                    by=None,
                    login_name=options["login"],
                    name=options["name"],
                    role=options["role"],
                )
        except NotAllowed as refusal:
            raise CommandError(refusal.sentence) from None
        self.stdout.write(f"已为{member}开通账号 {member.user.login_name}")
        self.stdout.write(f"一次性密码：{password}")
        self.stdout.write("密码只显示这一次，首次登录须修改。")
