"""The staff's first screen, the year in figures, search."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from congress.access import staff
from congress.admin import site
from congress.models import Role
from congress.words import cn_date

from .queries import figures, search, today
from .queries.parts import page_url

WHAT_COMES = {
    Role.DEPUTY_AFFAIRS: (
        "要批的请假、要办结的活动、要复核的申报、要处理的异议、要确认的公布会列在这里。"
    ),
    Role.STREET: "本街道（镇）要批的请假、要办结的活动、要初审的申报会列在这里。",
    Role.COMMITTEE: "本委员会要批的请假、要办结的活动会列在这里。",
    Role.CHAIR: "待决定的重点督办、您领衔督办的建议会列在这里。",
    Role.SYSTEM_ADMIN: "没有完成的后台任务会列在这里。",
    Role.SECURITY_ADMIN: "账号和安全方面要处理的事会列在这里。",
    Role.AUDIT_ADMIN: "日志方面要核查的事会列在这里。",
}
# Who may see anything of what is searched; the three officers see none of it.
FINDERS = (Role.DEPUTY_AFFAIRS, Role.CHAIR, Role.COMMITTEE, Role.STREET)
# What is done often, by role: words, page of the admin.
OFTEN = {
    Role.DEPUTY_AFFAIRS: (("新建活动", "activities_activity_add"), ("导入名册", "deputies_import")),
    Role.STREET: (("新建活动", "activities_activity_add"),),
    Role.COMMITTEE: (("新建活动", "activities_activity_add"),),
}


@staff
def first_page(request: HttpRequest) -> HttpResponse:
    """今日."""
    member = request.member
    subjects = today.waiting_for(member)
    often = [(words, page_url(name)) for words, name in OFTEN.get(Role(member.role), ())]
    late = sum(m.light.tone == "late" for s in subjects for m in s.matters)
    count = sum(s.count for s in subjects)
    said = f"，有 {count} 件事要办" if count else ""
    context = {
        "title": "今日",
        "note": cn_date(timezone.localdate()) + said + (f"，其中 {late} 件已逾期" if late else ""),
        "subjects": subjects,
        "nothing": WHAT_COMES[Role(member.role)],
        "figures": figures.of_the_year(member),
        "actions": [
            {"label": words, "url": url, "primary": not i}
            for i, (words, url) in enumerate(often)
            if url
        ],
    }
    return site.render(request, "reports/staff/today.html", context)


site.first_page = first_page


@site.page("find/", "find", FINDERS)
def find(request: HttpRequest) -> HttpResponse:
    """查找: over everything the member may see."""
    words = search.cleaned(request.GET.get("q", ""))
    context = {
        "title": "查找",
        "words": words,
        "subjects": search.find(request.member, words),
    }
    return site.render(request, "reports/staff/find.html", context)
