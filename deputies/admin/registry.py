"""代表名册: the list as at a day, each deputy's file, what happens to a seat."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from congress import audit
from congress.admin import StaffAdmin, keep_secret, secret_page, site
from congress.crypto import mask_id_number, mask_phone
from congress.handover import Secret
from congress.models import Role
from congress.once import once
from congress.words import cn_date
from congress.xlsx import attachment

from .. import access, actions, exports, queries
from ..forms.files import (
    EndForm,
    EventForm,
    MoveForm,
    NewDeputyForm,
    PersonForm,
    RevealForm,
    SeatForm,
)
from ..forms.filters import DeputyFilter
from ..models import Deputy, Mandate
from ..rules import born_in_words
from .pages import READERS, form_page

# What may happen to a seat: the page's name, its words, its form, what it does.
EVENTS = {
    "resign": ("辞职", EventForm, actions.resign),
    "terminate": ("终止", EndForm, actions.terminate),
    "suspend": ("暂停执行职务", EventForm, actions.suspend),
    "resume": ("恢复执行职务", EventForm, actions.resume),
    "move": ("调整选区、代表团、街道", MoveForm, actions.move),
}


def filtered(request: HttpRequest) -> tuple[DeputyFilter, object]:
    """The filter form and the seats it leaves, in roster order."""
    form = DeputyFilter(request.GET or None)
    asked = form.asked()
    day = form.day
    seats = access.mandates_visible_to(request.member).filter(starts_on__lte=day)
    if asked.get("left"):
        seats = seats.filter(ends_on__lt=day)
    else:
        seats = seats.filter(pk__in=queries.in_office(day).order_by().values("pk"))
    if asked:
        seats = form.apply(seats, day)
    rank = queries.by_level(access.own_level())
    return form, seats.order_by(rank, "position", "deputy__name_key", "pk")


class DeputyAdmin(StaffAdmin):
    search_fields = ["name", "initials"]
    roles_view = READERS
    roles_add = roles_change = tuple(access.KEEPERS)

    def rows(self, member):
        return access.visible_to(member)

    def changelist_view(self, request, extra_context=None):
        """Seats as at a day, filtered; exported as they stand here."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        form, seats = filtered(request)
        if request.GET.get("export"):
            audit.record(request.member, "deputies.export", note=f"截至{form.day}")
            sheet = exports.roster_sheet(seats, form.day, caption=f"{request.congress}代表名册")
            return attachment("代表名册.xlsx", [sheet])
        page = Paginator(seats, 50).get_page(request.GET.get("page"))
        query = request.GET.copy()
        query["export"] = "1"
        links = [{"label": "导出", "url": "?" + query.urlencode()}] if page.object_list else []
        if self.has_add_permission(request):
            links = [
                {"label": "导入名册", "url": reverse("admin:deputies_import"), "primary": True},
                {"label": "登记代表", "url": reverse("admin:deputies_deputy_add")},
                *links,
            ]
        context = {
            "title": "代表名册",
            "note": f"截至{cn_date(form.day)}",
            "filter_form": form,
            "page": page,
            "suspended": queries.suspended(form.day),
            "actions": links,
            "is_filtered": bool(request.GET),
            "may_keep": self.has_add_permission(request),
        }
        return site.render(request, "deputies/staff/deputies.html", context)

    def add_view(self, request, form_url="", extra_context=None):
        """A deputy registered by hand."""
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        return add_page(request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The file: person, seats and their events, groups, committees."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            if request.member.role in READERS:
                raise Http404
            return super().change_view(request, object_id, form_url, extra_context)
        return file_page(request, row)


@once
def add_page(request: HttpRequest) -> HttpResponse:
    form = NewDeputyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = actions.add_deputy(
            by=request.member, document=form.cleaned_data["document"],
            **{n: form.cleaned_data[n] for n in PersonForm.base_fields}, **form.seat,
        )  # fmt: skip
        messages.success(request, f"已登记{row.name}")
        return redirect("admin:deputies_deputy_change", row.pk)
    return form_page(request, form, "登记代表", "登记", _back())


def file_page(request: HttpRequest, row: Deputy) -> HttpResponse:
    seats = list(row.mandates.select_related("constituency", "delegation", "street", "term")
                 .prefetch_related("events").order_by("ends_on", "level"))  # fmt: skip
    keeps = access.may_keep(request.member)
    context = {
        "title": row.name,
        "back": [("代表名册", reverse("admin:deputies_deputy_changelist"))],
        "deputy": row,
        "facts": [
            ("性别", row.get_gender_display()),
            ("民族", row.ethnicity),
            ("出生日期", born_in_words(row.born)),
            ("党派", row.party),
            ("学历", row.education),
            ("工作单位及职务", row.occupation),
            ("身份证号", mask_id_number(row.id_number)),
            ("手机号", mask_phone(row.phone)),
            ("登录", "已开通" if row.membership_id else "未开通"),
            ("备注", row.notes),
        ],
        "seats": [(s, _events(s) if keeps else []) for s in seats],
        "suspended": queries.suspended(timezone.localdate()),
        "groups": row.group_seats.select_related("group").order_by("-starts_on"),
        "committees": row.committee_seats.select_related("unit").order_by("-starts_on"),
        "keeps": keeps,
        "may_reveal": access.may_reveal(request.member, row),
    }
    return site.render(request, "deputies/staff/deputy.html", context)


def _events(seat: Mandate) -> list[tuple[str, str]]:
    """The pages of what may happen to a seat now: words and address."""
    if seat.ends_on:
        return []
    last = [e.kind for e in sorted(seat.events.all(), key=lambda e: (e.on, e.pk))
            if e.kind in ("suspended", "resumed")][-1:]  # fmt: skip
    shown = {"suspend": last != ["suspended"], "resume": last == ["suspended"]}
    return [
        (words, reverse("admin:deputies_seat_event", args=[seat.pk, name]))
        for name, (words, *_) in EVENTS.items()
        if shown.get(name, True)
    ]


def _back(row: Deputy | None = None) -> list[tuple[str, str]]:
    """The way to a page of a file."""
    back = [("代表名册", reverse("admin:deputies_deputy_changelist"))]
    if row is not None:
        back.append((row.name, reverse("admin:deputies_deputy_change", args=[row.pk])))
    return back


@site.page("deputies/<int:pk>/correct/", "deputies_correct", access.KEEPERS)
@once
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """更正 personal values."""
    row = access.find(request.member, pk)
    form = PersonForm(request.POST or None, deputy=row)
    if request.method == "POST" and form.is_valid():
        actions.correct(row, by=request.member, **form.values)
        messages.success(request, "已更正")
        return redirect("admin:deputies_deputy_change", pk)
    return form_page(request, form, f"更正：{row.name}", "保存", _back(row))


@site.page("deputies/<int:pk>/reveal/", "deputies_reveal", (Role.DEPUTY_AFFAIRS, Role.STREET))
@once
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """查看隐藏信息: for a reason, shown once, logged."""
    row = access.find(request.member, pk)
    form = RevealForm(request.POST or None)
    shown = None
    if request.method == "POST" and form.is_valid():
        shown = actions.reveal(row, by=request.member, reason=form.cleaned_data["reason"])
    context = {"title": f"查看隐藏信息：{row.name}", "form": form, "shown": shown,
               "submit": "查看", "back": _back(row), "cancel": _back(row)[-1][1]}  # fmt: skip
    status = 422 if form.is_bound and shown is None else 200
    response = site.render(request, "deputies/staff/reveal.html", context, status)
    response["Cache-Control"] = "no-store"
    return response


@site.page("deputies/<int:pk>/seat/", "deputies_seat_add", access.KEEPERS)
@once
def add_seat(request: HttpRequest, pk: int) -> HttpResponse:
    """A further seat by a by-election."""
    row = access.find(request.member, pk)
    form = SeatForm(request.POST or None, initial={"start_reason": Mandate.Start.BY_ELECTION})
    if request.method == "POST" and form.is_valid():
        actions.by_elect(
            row, by=request.member, document=form.cleaned_data["document"], **form.seat
        )
        messages.success(request, "已增加职务")
        return redirect("admin:deputies_deputy_change", pk)
    return form_page(request, form, f"增加职务：{row.name}", "保存", _back(row))


@site.page("deputies/<int:pk>/login/", "deputies_login", access.KEEPERS)
@once
def open_login(request: HttpRequest, pk: int) -> HttpResponse:
    """开通登录: the password is shown once, to be handed over."""
    row = access.find(request.member, pk)
    if request.method == "POST":
        member, password = actions.open_login(row, by=request.member)
        secret = Secret("初始密码", str(member), password, member.user.login_name)
        return keep_secret(request, request.path, secret)
    if "key" in request.GET:
        return secret_page(request, _back(row))
    title, back = f"开通登录：{row.name}", _back(row)
    if row.membership_id:
        context = {"title": title, "back": back, "cancel": back[-1][1]}
        return site.render(request, "deputies/staff/login.html", context)
    explain = "开通后生成登录名和初始密码，密码只显示一次，请当面或者密封交给本人。"
    return form_page(request, None, title, "开通登录", back, explain=explain)


@site.page("deputies/seats/<int:pk>/<slug:event>/", "deputies_seat_event", access.KEEPERS)
@once
def seat_event(request: HttpRequest, pk: int, event: str) -> HttpResponse:
    """辞职, 终止, 暂停, 恢复, 调整: with date and document."""
    seat = access.mandates_visible_to(request.member).filter(pk=pk).first()
    if seat is None or event not in EVENTS:
        raise Http404
    words, form_class, action = EVENTS[event]
    more = {"mandate": seat} if form_class is MoveForm else {}
    form = form_class(request.POST or None, **more)
    if request.method == "POST" and form.is_valid():
        action(seat, by=request.member, **form.cleaned_data)
        messages.success(request, f"已登记：{words}")
        return redirect("admin:deputies_deputy_change", seat.deputy_id)
    title = f"{words}：{seat.deputy.name}（{seat.get_level_display()}）"
    return form_page(request, form, title, "登记", _back(seat.deputy))


site.register(Deputy, DeputyAdmin)
