"""本级人大设置: names, addresses, words, features; what the deployment sets is only shown."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from .. import actions, middleware, sessions
from ..forms.settings import FeaturesForm, HostsForm, NamesForm, TextsForm
from ..models import Role
from ..once import once
from ..passwords import LENGTHS
from .pages import attempt, form_page
from .site import site

KEEPERS = (Role.SYSTEM_ADMIN, Role.DEPUTY_AFFAIRS)
WORDS = ("intro", "sign_in_hint", "help_contact", "feedback_contact", "filing_number")
PROFILES = {
    "dengbao": "等级保护：至少 {n} 位、三类字符，90 天更换",
    "asvs": "国际通行：至少 {n} 位，不用常见密码，不强制定期更换",
}


@site.page("congress/settings/", "congress_settings", KEEPERS)
def overview(request: HttpRequest) -> HttpResponse:
    """Everything that is set, with the way to change it."""
    congress = request.congress
    words = {name: TextsForm.base_fields[name].label for name in WORDS}
    context = {
        "title": "本级人大设置",
        "names": [
            (congress._meta.get_field(n).verbose_name, getattr(congress, n))
            for n in ("name", "standing_committee_name", "short_name")
        ],
        "level": congress.get_level_display(),
        "parent": congress.parent,
        "own_address": middleware.address_of(request, congress),
        "hosts": sorted(congress.hosts.values_list("host", flat=True)),
        "texts": [(words[n], congress.settings.get(n, "")) for n in WORDS],
        "ranking": bool(congress.settings.get("ranking")),
        "emblem": congress.settings.get("emblem"),
        "safety": _safety(),
    }
    return site.render(request, "congress/staff/settings.html", context)


def _safety() -> list[tuple[str, str]]:
    """What the deployment decides for all congresses on it."""
    profile = settings.PASSWORD_PROFILE
    cool_off = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    required = settings.STAFF_TOTP == "required"
    return [
        ("密码要求", PROFILES[profile].format(n=LENGTHS[profile])),
        ("输错密码", f"连续 {settings.AXES_FAILURE_LIMIT} 次锁定 {cool_off} 分钟"),
        ("工作人员动态验证码", "必须开通" if required else "自愿开通"),
        (
            "自动退出",
            f"工作人员 {_minutes(sessions.STAFF_IDLE)} 分钟、其他人 "
            f"{_minutes(sessions.OTHERS_IDLE) // 60} 小时没有操作",
        ),
    ]


def _minutes(span) -> int:
    return int(span.total_seconds() // 60)


def _edit(request, form, title, action, done) -> HttpResponse:
    """One part of the settings: ask, change, say so."""
    if request.method == "POST" and form.is_valid():
        attempt(form, action)
        if not form.errors:
            messages.success(request, done)
            return redirect("admin:congress_settings")
    back = [("本级人大设置", reverse("admin:congress_settings"))]
    return form_page(request, form, title, "保存", back)


@site.page("congress/settings/names/", "congress_settings_names", KEEPERS)
@once
def names(request: HttpRequest) -> HttpResponse:
    """修改名称."""
    congress = request.congress
    initial = {n: getattr(congress, n) for n in NamesForm.base_fields}
    form = NamesForm(request.POST or None, initial=initial)
    return _edit(
        request,
        form,
        "修改名称",
        lambda: actions.change_names(by=request.member, **form.cleaned_data),
        "名称已修改",
    )


@site.page("congress/settings/hosts/", "congress_settings_hosts", KEEPERS)
@once
def hosts(request: HttpRequest) -> HttpResponse:
    """修改网址."""
    known = sorted(request.congress.hosts.values_list("host", flat=True))
    form = HostsForm(request.POST or None, initial={"hosts": "\n".join(known)})
    return _edit(
        request,
        form,
        "修改网址",
        lambda: actions.set_hosts(form.cleaned_data["hosts"], by=request.member),
        "网址已修改",
    )


@site.page("congress/settings/texts/", "congress_settings_texts", KEEPERS)
@once
def texts(request: HttpRequest) -> HttpResponse:
    """修改页面文字."""
    form = TextsForm(request.POST or None, initial=request.congress.settings)

    def change():
        values = {n: form.cleaned_data[n] or None for n in WORDS}
        return actions.change_settings(values, by=request.member)

    return _edit(request, form, "修改页面文字", change, "页面文字已修改")


@site.page("congress/settings/features/", "congress_settings_features", KEEPERS)
@once
def features(request: HttpRequest) -> HttpResponse:
    """修改功能."""
    initial = {"ranking": bool(request.congress.settings.get("ranking"))}
    form = FeaturesForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()),
        congress=request.congress,
        initial=initial,
    )
    return _edit(
        request,
        form,
        "修改功能",
        lambda: actions.change_settings(form.values(request.member), by=request.member),
        "功能已修改",
    )
