"""成员: who is what in this congress, from when to when; the account behind it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from .. import access, actions, audit, handover, queries
from ..forms.members import (
    ChangeRoleForm,
    EndForm,
    GrantForm,
    MemberFilter,
    MobileForm,
    NewMemberForm,
    TokenForm,
)
from ..models import Membership, Role, User
from ..once import once
from ..xlsx import Sheet, attachment
from .pages import Way, attempt, form_page, keep_secret, secret_page
from .site import site
from .staff import StaffAdmin, StepPage

EACH_PAGE = 50
Step = Membership.Step


def list_link() -> tuple[str, str]:
    return "成员", reverse("admin:congress_membership_changelist")


def member_url(pk: int) -> str:
    return reverse("admin:congress_membership_change", args=[pk])


def way_back(row: Membership) -> Way:
    return [list_link(), (row.name, member_url(row.pk))]


class MemberAdmin(StaffAdmin):
    roles_view = access.MEMBER_READERS
    roles_add = (Role.SYSTEM_ADMIN, Role.DEPUTY_AFFAIRS)
    step_pages = (
        StepPage(
            Step.CHANGE_ROLE,
            actions.change_role,
            form=ChangeRoleForm,
            primary=True,
            done="已调整，此人须重新登录",
            explain="调整后立即生效：此人的登录会退出，原来的接口密钥停用。",
        ),
        StepPage(
            Step.RESET,
            actions.reset_password,
            primary=True,
            explain="生成一个新的初始密码，只显示一次，请当面或者密封交给本人。"
            "此人的登录会全部退出，锁定同时解除，首次登录须修改密码。",
        ),
        StepPage(
            Step.UNLOCK,
            actions.unlock,
            explain="连续输错密码的账号会锁定 15 分钟。确认是本人后可以提前解除。",
        ),
        StepPage(Step.SET_MOBILE, actions.set_mobile, form=MobileForm, done="已保存登录用的手机号"),
        StepPage(
            Step.GRANT,
            actions.grant_unit,
            form=GrantForm,
            done="已授权",
            explain="授权以后，此人可以像本街道一样办理该街道（镇）的代表和活动。",
        ),
        StepPage(
            Step.MAKE_TOKEN,
            actions.make_token,
            form=TokenForm,
            explain="程序用密钥以此人的身份读写数据，能看到的不多于本人。密钥只显示一次。",
        ),
        StepPage(
            Step.END_SESSIONS,
            actions.end_sessions,
            done="已退出此人在所有设备上的登录",
            explain="此人在所有设备上的登录立即退出，可以重新登录。",
        ),
        StepPage(Step.ENABLE, actions.enable_login, explain="启用后，此人可以用原来的密码登录。"),
        StepPage(
            Step.DISABLE,
            actions.disable_login,
            danger=True,
            explain="停用后，此人不能登录，已有的登录立即退出。办理过的事项和记录都保留。",
        ),
        StepPage(
            Step.END,
            actions.end_membership,
            form=EndForm,
            danger=True,
            done="已终止这个身份",
            explain="终止的是这一个身份。此人的其他身份和办理过的记录不受影响。",
        ),
    )

    def rows(self, member):
        return access.members_visible_to(member)

    def steps_for(self, member, row):
        return access.member_steps(member, row)

    def step_form(self, request, row, page, *sent):
        if page.step == Step.CHANGE_ROLE:
            return ChangeRoleForm(*sent[:1], by=request.member, row=row)
        if page.step == Step.GRANT:
            return GrantForm(*sent[:1], row=row)
        return super().step_form(request, row, page, *sent)

    def step_context(self, request, row, step):
        return {"title": f"{step.label}：{row.name}", "back": way_back(row)}

    def step_done(self, request, row, page, result):
        """Whatever is shown once is shown on a page of its own."""
        if page.step == Step.RESET:
            secret = handover.Secret("初始密码", str(row), result, row.user.login_name)
            return keep_secret(request, secret_url(row), secret)
        if page.step == Step.MAKE_TOKEN:
            token, value = result
            secret = handover.Secret("接口密钥", f"{row}，{token.label}", value)
            return keep_secret(request, secret_url(row), secret)
        return super().step_done(request, row, page, result)

    def changelist_view(self, request, extra_context=None):
        """Members in force, filtered; exported as they stand here."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        form = MemberFilter(request.GET or None)
        rows = queries.members_narrowed(access.members_visible_to(request.member), form.asked())
        if request.GET.get("export"):
            return export(request, rows)
        page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
        users = {m.user_id: m.user for m in page}
        signs = queries.account_signs(users.values())
        links = []
        if self.has_add_permission(request):
            add = reverse("admin:congress_membership_add")
            links.append({"label": "添加成员", "url": add, "primary": True})
        if page.object_list:
            query = request.GET.copy()
            query["export"] = "1"
            links.append({"label": "导出", "url": f"?{query.urlencode()}"})
        context = {
            "title": "成员",
            "filter_form": form,
            "page": page,
            "lines": [(m, signs[m.user_id]) for m in page],
            "today": timezone.localdate(),
            "is_filtered": bool(form.asked()),
            "actions": links,
        }
        return site.render(request, "congress/staff/members.html", context)

    def add_view(self, request, form_url="", extra_context=None):
        """A role for a person, with a new login or one that is there."""
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        return add_page(request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One member: role, account, exceptions, tokens, and the steps possible now."""
        row = self.row_or_404(request, object_id)
        keeps_accounts = request.member.role == Role.SECURITY_ADMIN
        context = {
            "title": row.name,
            "back": [list_link()],
            "row": row,
            "is_over": bool(row.valid_to and row.valid_to < timezone.localdate()),
            "signs": queries.account_signs([row.user])[row.user_id],
            "has_factor": row.user_id in queries.with_second_factor([row.user]),
            "others": access.members_visible_to(request.member)
            .filter(user=row.user)
            .exclude(pk=row.pk),
            "grants": queries.grants(row.user),
            "tokens": row.tokens.all() if keeps_accounts else None,
            "keeps_accounts": keeps_accounts,
            "is_self": row.user_id == request.member.user_id,
            "now": timezone.now(),
            "step_buttons": self.step_buttons(request, row),
        }
        return site.render(request, "congress/staff/member.html", context)


site.register(Membership, MemberAdmin)


def export(request: HttpRequest, rows) -> HttpResponse:
    """The list as a sheet; logged, for it carries names and login names."""
    head = ["姓名", "角色", "单位", "起", "止", "登录名"]
    lines = [
        [m.name, m.get_role_display(), m.unit.name if m.unit else "", m.valid_from, m.valid_to]
        + [m.user.login_name]
        for m in rows
    ]
    audit.record(request.member, "congress.export_members", after={"人次": len(lines)})
    sheet = Sheet("成员", head, lines, caption=f"{request.congress}成员")
    return attachment("成员.xlsx", [sheet])


@once
def add_page(request: HttpRequest) -> HttpResponse:
    form = NewMemberForm(request.POST or None, by=request.member)
    if request.method == "POST" and form.is_valid():
        asked = dict(form.cleaned_data)
        if asked.pop("has_login") == "new":
            result = attempt(form, actions.open_login, by=request.member, **asked)
            if result:
                row, password = result
                secret = handover.Secret("初始密码", str(row), password, row.user.login_name)
                return keep_secret(request, secret_url(row), secret)
        else:
            row = _second_role(request, form, asked)
            if row:
                messages.success(request, f"已添加：{row}")
                return redirect(member_url(row.pk))
    explain = "代表的账号在代表名册里开通，不在这里添加。系统、安全、审计管理员须由不同的人担任。"
    return form_page(request, form, "添加成员", "添加", [list_link()], explain=explain)


def _second_role(request: HttpRequest, form: NewMemberForm, asked: dict) -> Membership | None:
    """One more role for a person who has a login."""
    del asked["mobile"]
    user = User.objects.filter(login_name=asked.pop("login_name").lower()).first()
    if user is None:
        form.add_error("login_name", "没有这个登录名的账号，请核对；没有账号的选“新开一个账号”。")
        return None
    return attempt(form, actions.add_member, by=request.member, user=user, **asked)


def secret_url(row: Membership) -> str:
    return reverse("admin:congress_handover", args=[row.pk])


@site.page(
    "congress/membership/<int:pk>/handover/",
    "congress_handover",
    (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.DEPUTY_AFFAIRS),
)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """A first password or a token, this once."""
    return secret_page(request, way_back(access.find_member(request.member, pk)))
