"""The look of the staff admin: settings of its theme (django-unfold).

The colours live in static/css/staff.css, so that no style stands in the page itself.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse


def site_title(request: HttpRequest) -> str:
    """The congress's short name in the browser's title."""
    congress = getattr(request, "congress", None)
    return f"{congress.short_name} 工作平台" if congress else "人大代表工作平台"


def site_header(request: HttpRequest) -> str:
    """The name on the letterhead."""
    congress = getattr(request, "congress", None)
    return congress.standing_committee_name if congress else "人大代表工作平台"


def model_list(app: str, model: str) -> Callable[[HttpRequest], bool]:
    """Whether the member may see the list of a model."""

    def may_see(request: HttpRequest) -> bool:
        from .admin import site

        for registered, page in site._registry.items():
            if (registered._meta.app_label, registered._meta.model_name) == (app, model):
                return page.has_view_permission(request)
        return False

    return may_see


def page_open(name: str) -> Callable[[HttpRequest], bool]:
    """Whether the member may open a function page of the admin."""

    def may_open(request: HttpRequest) -> bool:
        from .admin import site

        member = getattr(request, "member", None)
        return member is not None and any(
            page == name and member.role in view.audience for _, view, page in site.pages
        )

    return may_open


def _address(name: str) -> Callable[[HttpRequest], str]:
    def address(request: HttpRequest) -> str:
        try:
            return reverse(f"admin:{name}")
        except NoReverseMatch:
            return ""

    return address


def rows(title: str, app: str, model: str) -> dict:
    """An entry that leads to the list of a model; unseen where it is not registered."""
    return {
        "title": title, "link": _address(f"{app}_{model}_changelist"),
        "permission": model_list(app, model),
    }


def page(title: str, name: str) -> dict:
    """An entry that leads to a function page; unseen where there is none."""
    return {"title": title, "link": _address(name), "permission": page_open(name)}


def group(title: str, *items: dict) -> dict:
    return {"title": title, "items": list(items)}


NAVIGATION = [
    group(
        "今日",
        {"title": "今日工作", "link": _address("index")},
        page("查找", "find"),
        rows("消息", "notices", "notice"),
    ),
    group(
        "代表",
        rows("代表名册", "deputies", "deputy"),
        rows("任职", "deputies", "mandate"),
        rows("选区", "deputies", "constituency"),
        rows("代表团", "deputies", "delegation"),
        rows("代表小组", "deputies", "deputygroup"),
        page("导入名册", "deputies_import"),
    ),
    group(
        "活动",
        rows("活动", "activities", "activity"),
        rows("活动类型", "activities", "activitykind"),
    ),
    group(
        "履职",
        rows("履职记录", "performance", "dutyrecord"),
        rows("自行申报", "performance", "selfreport"),
        rows("异议", "performance", "objection"),
        rows("考核期", "performance", "period"),
        rows("积分办法", "performance", "rulebook"),
        rows("履职事项", "performance", "dutyitem"),
    ),
    group("公布", rows("履职公布", "performance", "publication")),
    group(
        "单位与人员",
        rows("单位", "congress", "unit"),
        rows("成员", "congress", "membership"),
        rows("用户", "congress", "user"),
    ),
    group(
        "设置",
        rows("届", "congress", "term"),
        rows("会次", "congress", "sitting"),
        rows("会议", "congress", "meeting"),
        page("节假日", "holidays"),
        page("本级人大设置", "congress_settings"),
        rows("接口密钥", "congress", "apitoken"),
    ),
    group("日志", rows("操作日志", "congress", "logentry"), rows("后台任务", "congress", "job")),
]

UNFOLD = {
    "SITE_TITLE": site_title,
    "SITE_HEADER": site_header,
    "SITE_URL": "/",
    "THEME": "light",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": False,
    "STYLES": [lambda request: static("css/staff.css")],
    "SCRIPTS": [],
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": NAVIGATION,
    },
}
