"""操作日志: what was done by whom, for the audit administrator; whether the chain is whole."""

import re

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from .. import access, audit, outbox, queries, tasks
from ..flow import NotAllowed
from ..forms.log import LogFilter
from ..models import LogEntry, Role
from ..once import once
from ..words import cn_date
from ..xlsx import Sheet, attachment
from .site import site
from .staff import StaffAdmin

EACH_PAGE = 50
MOST_EXPORTED = 20_000
METHODS = {"GET": "打开", "POST": "提交", "DELETE": "删除", "PUT": "提交", "PATCH": "提交"}
ADDRESS = re.compile(r"([A-Z]+) (\S+) (.*)", re.S)


class LogAdmin(StaffAdmin):
    roles_view = (Role.AUDIT_ADMIN,)

    def rows(self, member):
        return access.log_visible_to(member)

    def changelist_view(self, request, extra_context=None):
        """The log of some days, filtered; exported as it stands here."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        steps = audit.labels()
        form = LogFilter(request.GET or None, steps=steps)
        asked = form.asked()
        rows = queries.log_narrowed(access.log_visible_to(request.member), asked)
        if request.GET.get("export"):
            return export(request, rows, steps, asked)
        page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
        query = request.GET.copy()
        query["export"] = "1"
        context = {
            "title": "操作日志",
            "note": f"{cn_date(asked['since'])}至{cn_date(asked['until'])}。日志只增不改，"
            "逐条用前一条的摘要相连，少一条、改一个字都查得出来。",
            "filter_form": form,
            "page": page,
            "lines": [(e, steps.get(e.step, e.step), *told(e)) for e in page],
            "verification": queries.last_verification(),
            "actions": [{"label": "导出", "url": f"?{query.urlencode()}"}]
            if page.object_list
            else [],
        }
        return site.render(request, "congress/staff/log.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One row whole: before, after, note, the chain."""
        row = self.row_or_404(request, object_id)
        path, note = told(row)
        context = {
            "title": f"第 {row.number} 条：{audit.labels().get(row.step, row.step)}",
            "back": [("操作日志", reverse("admin:congress_logentry_changelist"))],
            "row": row,
            "role": dict(Role.choices).get(row.role, ""),
            "kind": audit.type_words().get(row.object_type, ""),
            "path": path,
            "note_words": note,
            "changes": changes(row),
        }
        return site.render(request, "congress/staff/log_entry.html", context)


site.register(LogEntry, LogAdmin)


def told(entry: LogEntry) -> tuple[str, str]:
    """A row's note as (address, words): the note of a refusal begins with what was asked for."""
    found = ADDRESS.fullmatch(entry.note) if entry.step == "congress.refuse" else None
    if found is None:
        return "", entry.note
    return found[2], f"{METHODS.get(found[1], '请求')}时：{found[3]}"


def changes(entry: LogEntry) -> list[tuple[str, str, str]]:
    """What the row says of values: (name, before, after)."""
    before, after = entry.before or {}, entry.after or {}
    names = list(dict.fromkeys([*before, *after]))
    return [(n, _value(before.get(n)), _value(after.get(n))) for n in names]


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_value(v) for v in value)
    if isinstance(value, dict):
        return "；".join(f"{k}：{_value(v)}" for k, v in value.items())
    return "" if value is None else str(value)


def export(request: HttpRequest, rows, steps: dict[str, str], asked: dict) -> HttpResponse:
    """The rows as a sheet; that they were taken out is a row of its own."""
    count = rows.count()
    if count > MOST_EXPORTED:
        raise NotAllowed(f"共 {count} 条，一次最多导出 {MOST_EXPORTED} 条，请缩短日期")
    roles, kinds = dict(Role.choices), audit.type_words()
    head = ["序号", "时间", "姓名", "角色", "来源地址", "操作", "结果", "对象类型", "对象"]
    head += ["原值", "新值", "说明"]
    lines = [
        [
            e.number,
            e.at,
            e.by_name,
            roles.get(e.role, ""),
            e.address,
            steps.get(e.step, e.step),
            e.get_outcome_display(),
            kinds.get(e.object_type, ""),
            e.object_label,
            _value(e.before),
            _value(e.after),
            " ".join(told(e)).strip(),
        ]
        for e in rows.iterator(chunk_size=2000)
    ]
    span = f"{cn_date(asked['since'])}至{cn_date(asked['until'])}"
    audit.record(request.member, "congress.export_log", after={"条数": count}, note=span)
    sheet = Sheet("操作日志", head, lines, caption=f"{request.congress}操作日志", note=span)
    return attachment("操作日志.xlsx", [sheet])


@site.page("congress/log/verify/", "congress_verify_log", (Role.AUDIT_ADMIN,))
@once
def verify(request: HttpRequest) -> HttpResponse:
    """核验: look the whole chain over in the background."""
    if request.method != "POST":
        return redirect("admin:congress_logentry_changelist")
    last = queries.last_verification()
    if last is not None and not last.is_over:
        messages.info(request, "正在核验，请稍候刷新")
    else:
        outbox.enqueue(
            tasks.VERIFY_LOG,
            by=request.member,
            title="核验日志",
            link=reverse("admin:congress_logentry_changelist"),
        )
        messages.success(request, "已开始核验，完成后结果显示在本页")
    return redirect("admin:congress_logentry_changelist")
