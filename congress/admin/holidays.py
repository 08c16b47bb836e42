"""节假日: the year's working days as a calendar, the yearly notice, single days changed here."""

import calendar as weeks
from datetime import date

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from .. import holidays
from ..models import Holiday
from ..once import new_token, once
from ..rules import Arrangement, Notice, WorkCalendar, is_working_day, read_notice
from ..words import cn_date
from .site import site

WEEKDAYS = "一二三四五六日"


@site.page("holidays/", "holidays", roles=holidays.KEEPERS)
def year_page(request: HttpRequest) -> HttpResponse:
    """A year with its twelve months; every day leads to where it can be changed."""
    year = _year(request.GET.get("year") or timezone.localdate().year)
    calendar, own = (
        holidays.work_calendar(),
        {h.on: h for h in Holiday.objects.filter(on__year=year)},
    )
    document, notice = holidays.notices().get(year, ("", None))
    months = _months(year, calendar, own)
    context = {
        "title": f"{year}年节假日和工作日",
        "year": year,
        "previous": year - 1 if year > holidays.FIRST_YEAR else None,
        "following": year + 1 if year < holidays.LAST_YEAR else None,
        "months": months,
        "weekdays": WEEKDAYS,
        "working_days": sum(m["working"] for m in months),
        "document": document,
        "arrangements": [_told(a) for a in notice.arrangements] if notice else [],
        "own": list(own.values()),
        "is_known": year in calendar.years,
        "known_until": max(calendar.years),
        "actions": [
            {
                "label": "更正本年度安排" if notice else "录入本年度安排",
                "url": reverse("admin:holidays_notice", args=[year]),
                "primary": notice is None,
            }
        ],
    }
    return site.render(request, "congress/staff/holidays.html", context)


class DayForm(forms.Form):
    """What a day becomes, why, and on what ground."""

    arrangement = forms.ChoiceField(
        label="这一天",
        widget=forms.RadioSelect,
        choices=[("rest", "放假"), ("work", "上班")],
    )
    name = forms.CharField(label="事由", max_length=40, help_text="例如：防汛停工、地方节日。")
    reason = forms.CharField(
        label="依据或理由",
        max_length=200,
        help_text="写明文件名称和文号，或者由谁决定。",
    )


class RestoreForm(forms.Form):
    """Why a change is taken back."""

    reason = forms.CharField(label="恢复的理由", max_length=200)


@site.page("holidays/<int:year>/<int:month>/<int:day>/", "holidays_day", roles=holidays.KEEPERS)
@once
def day_page(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    """One day: what it is now and why; change it, or take the change back."""
    try:
        on = date(_year(year), month, day)
    except ValueError:
        raise Http404 from None
    own = Holiday.objects.filter(on=on).select_related("by").first()
    restoring = "restore" in request.POST
    form = DayForm(request.POST if request.method == "POST" and not restoring else None)
    restore = RestoreForm(request.POST if restoring else None, prefix="restore")
    if restoring and restore.is_valid():
        holidays.restore_day(on, by=request.member, reason=restore.cleaned_data["reason"])
        messages.success(request, f"已恢复：{cn_date(on)}按国家安排")
        return redirect(_address(on.year))
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        holidays.change_day(
            on,
            by=request.member,
            is_working=asked["arrangement"] == "work",
            name=asked["name"],
            reason=asked["reason"],
        )
        messages.success(request, f"已改为{'上班' if asked['arrangement'] == 'work' else '放假'}")
        return redirect(_address(on.year))
    calendar = holidays.work_calendar()
    shifted = calendar.days.get(on)
    context = {
        "title": cn_date(on),
        "form": restore if restoring else form,
        "change": form,
        "restore": restore,
        "own": own,
        "now": "上班" if is_working_day(on, calendar) else "放假",
        "why": shifted.name if shifted else ("周末" if on.weekday() >= 5 else "平常工作日"),
        "back": [("节假日", _address(on.year))],
        "year": on.year,
        "once": new_token(),
    }
    status = 422 if form.is_bound or restore.is_bound else 200
    return site.render(request, "congress/staff/holiday.html", context, status)


class NoticeForm(forms.Form):
    """The notice of a year, as it is printed."""

    document = forms.CharField(
        label="文件名称和文号",
        max_length=120,
        help_text="例如：国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）。",
    )
    text = forms.CharField(
        label="通知正文",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text="把通知中“一、元旦：……”到最后一个节日的文字整段粘贴进来，系统会读出放假和上班的日期，"
        "您核对后再生效。",
    )

    def __init__(self, *args, year: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.year = year
        self.notice: Notice | None = None

    def clean_text(self) -> str:
        self.notice = read_notice(self.cleaned_data["text"], self.year)
        if self.notice.faults:
            raise forms.ValidationError(list(self.notice.faults))
        return self.cleaned_data["text"]


@site.page("holidays/<int:year>/notice/", "holidays_notice", roles=holidays.KEEPERS)
@once
def notice_page(request: HttpRequest, year: int) -> HttpResponse:
    """Paste the notice → see what was read → confirm."""
    _year(year)
    document, notice = holidays.notices().get(year, ("", None))
    form = NoticeForm(request.POST or None, year=year, initial={"document": document})
    is_read = form.is_bound and form.is_valid() and "again" not in request.POST
    if is_read and "confirm" in request.POST:
        holidays.enter_notice(year, by=request.member, **form.cleaned_data)
        messages.success(request, f"{year}年的节假日安排已生效，未办结的时限已重新计算")
        return redirect(_address(year))
    context = {
        "title": f"{'核对' if is_read else '更正' if notice else '录入'}{year}年节假日安排",
        "year": year,
        "form": form,
        "is_read": is_read,
        "arrangements": [_told(a) for a in form.notice.arrangements] if is_read else [],
        "summary": [("依据文件", form.cleaned_data["document"])] if is_read else [],
        "back": [("节假日", _address(year))],
        "once": new_token(),
    }
    status = 422 if form.is_bound and form.errors else 200
    return site.render(request, "congress/staff/holiday_notice.html", context, status)


def _year(value: str | int) -> int:
    try:
        year = int(value)
    except ValueError:
        raise Http404 from None
    if not holidays.FIRST_YEAR <= year <= holidays.LAST_YEAR:
        raise Http404
    return year


def _address(year: int) -> str:
    return f"{reverse('admin:holidays')}?year={year}"


def _months(year: int, calendar: WorkCalendar, own: dict[date, Holiday]) -> list[dict]:
    months = []
    for month in range(1, 13):
        rows = [
            [_cell(d, calendar, own) if d.month == month else None for d in week]
            for week in weeks.Calendar().monthdatescalendar(year, month)
        ]
        working = sum(bool(cell and not cell["rest"]) for week in rows for cell in week)
        months.append({"name": f"{month}月", "weeks": rows, "working": working})
    return months


def _cell(day: date, calendar: WorkCalendar, own: dict[date, Holiday]) -> dict:
    is_working, shifted = is_working_day(day, calendar), calendar.days.get(day)
    return {
        "day": day,
        "rest": not is_working,
        "mark": ("班" if is_working else "休") if shifted else "",
        "own": day in own,
        "today": day == timezone.localdate(),
        "words": f"{cn_date(day)}{'上班' if is_working else '放假'}"
        + (f"，{shifted.name}" if shifted else ""),
    }


def _told(item: Arrangement) -> dict:
    """One occasion as people write it: 2月15日至23日放假（9天），2月14日、28日上班."""
    first, last = item.rest[0], item.rest[-1]
    whole = (last - first).days + 1 == len(item.rest)
    spans = [cn_date(first)] + ([cn_date(last)] if last != first else [])
    return {
        "name": item.name,
        "rest": "至".join(spans) if whole else "、".join(cn_date(d) for d in item.rest),
        "days": len(item.rest),
        "work": "、".join(cn_date(d) for d in item.work),
    }
