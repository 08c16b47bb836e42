"""The look of the staff admin: settings of its theme (django-unfold).

The colours live in static/src/_staff_theme.scss, so that no style stands in the page itself. An
app's new list or page gets its entry in NAVIGATION here; who may not open it does not see it.
"""

from django.apps import apps
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse

Entry = tuple[str, str, tuple[str, str] | None]


def rows(title: str, app: str, model: str) -> Entry:
    """An entry that leads to the list of a model."""
    return title, f"{app}_{model}_changelist", (app, model)


def page(title: str, name: str) -> Entry:
    """An entry that leads to a function page of the admin (`site.page`)."""
    return title, name, None


NAVIGATION: list[tuple[str, list[Entry]]] = [
    (
        "今日",
        [
            page("今日工作", "index"),
        ],
    ),
    (
        "建议",
        [
            rows("建议", "suggestions", "suggestion"),
            page("交办会", "suggestions_batches"),
            page("退办与延期", "suggestions_rulings"),
            page("督办", "suggestions_wall"),
            page("评价与重办", "suggestions_judging"),
            page("承诺台账", "suggestions_promises"),
            page("回头看", "suggestions_lookbacks"),
            page("公开", "suggestions_publishing"),
            page("统计", "suggestions_figures"),
            page("年度报告", "suggestions_reports"),
            page("单位考评", "suggestions_scores"),
            page("办理规则", "suggestions_rule_sets"),
            page("类别", "suggestions_categories"),
        ],
    ),
    (
        "代表",
        [
            rows("代表名册", "deputies", "deputy"),
            page("任职变动", "deputies_events"),
            rows("选区", "deputies", "constituency"),
            rows("代表团", "deputies", "delegation"),
            rows("代表小组", "deputies", "deputygroup"),
            page("委员会", "deputies_committees"),
            page("导入名册", "deputies_import"),
        ],
    ),
    (
        "活动",
        [
            rows("活动", "activities", "activity"),
            rows("活动类型", "activities", "activitykind"),
        ],
    ),
    (
        "履职",
        [
            rows("履职记录", "performance", "dutyrecord"),
            rows("自行申报", "performance", "selfreport"),
            rows("异议", "performance", "objection"),
            rows("考核期", "performance", "period"),
            rows("积分办法", "performance", "rulebook"),
            rows("履职事项", "performance", "dutyitem"),
        ],
    ),
    (
        "公布",
        [
            rows("履职公布", "performance", "publication"),
        ],
    ),
    (
        "消息",
        [
            page("发送记录", "notices_outbox"),
            page("电话通知", "notices_calls"),
            page("消息通道", "notices_channels"),
            page("时限", "deadlines_list"),
            page("提醒规则", "deadlines_plan"),
            page("单位岗位", "deadlines_posts"),
        ],
    ),
    (
        "单位与人员",
        [
            rows("单位", "congress", "unit"),
            rows("成员", "congress", "membership"),
            rows("用户", "congress", "user"),
            page("单位授权", "congress_grants"),
        ],
    ),
    (
        "设置",
        [
            rows("届", "congress", "term"),
            rows("会次", "congress", "sitting"),
            rows("会议", "congress", "meeting"),
            page("节假日", "holidays"),
            page("本级人大设置", "congress_settings"),
            rows("接口密钥", "congress", "apitoken"),
        ],
    ),
    (
        "日志",
        [
            rows("操作日志", "congress", "logentry"),
            rows("后台任务", "congress", "job"),
        ],
    ),
]


def navigation(request: HttpRequest) -> list[dict]:
    """The side column for this member: only what exists and may be opened."""
    groups = []
    for title, entries in NAVIGATION:
        items = [item for item in (_item(request, *entry) for entry in entries) if item]
        if items:
            groups.append({"title": title, "items": items})
    return groups


def _item(
    request: HttpRequest, title: str, name: str, model: tuple[str, str] | None
) -> dict | None:
    if not _may_open(request, name, model):
        return None
    try:
        link = reverse(f"admin:{name}")
    except NoReverseMatch:
        return None
    here = request.path == link or (name != "index" and request.path.startswith(link))
    return {"title": title, "link": link, "active": here}


def _may_open(request: HttpRequest, name: str, model: tuple[str, str] | None) -> bool:
    from .admin import site  # the site reads these settings while it is being built

    if model:
        page = site._registry.get(apps.get_model(*model))
        return page is not None and page.has_view_permission(request)
    member = getattr(request, "member", None)
    if name == "index":
        return member is not None
    return site.opens(member, name)


def site_title(request: HttpRequest) -> str:
    """The end of the browser's title."""
    congress = getattr(request, "congress", None)
    return congress.short_name if congress else "人大代表工作平台"


def site_header(request: HttpRequest) -> str:
    """The name on the letterhead."""
    congress = getattr(request, "congress", None)
    return congress.standing_committee_name if congress else "人大代表工作平台"


UNFOLD = {
    "SITE_TITLE": site_title,
    "SITE_HEADER": site_header,
    "SITE_URL": "/",
    "THEME": "light",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": False,
    "STYLES": [lambda request: static("css/staff.css")],
    "SCRIPTS": [],
    "SIDEBAR": {"show_search": False, "show_all_applications": False, "navigation": navigation},
}
