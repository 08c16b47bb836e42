"""代为确认沟通: a deputy without a login, who left or does not answer, gives the word on paper."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from congress.admin import form_page, site
from congress.flow import NotAllowed
from congress.once import once
from congress.words import cn_date

from .. import access, actions
from ..forms.studying import TalkWordForm
from ..models import ContactConfirmation
from .frame import ABOUT_FORM, address, keep_paper, way_back
from .intake import KEEPERS


def _found(request: HttpRequest, pk: int) -> ContactConfirmation:
    return get_object_or_404(access.talk_words_visible_to(request.member), pk=pk)


def _about(row: ContactConfirmation) -> list[tuple[str, str]]:
    talk = row.contact
    return [
        ("建议", str(talk.assignment.suggestion)),
        ("单位", talk.assignment.unit_name),
        ("沟通", f"{cn_date(talk.on)}，{talk.get_mode_display()}，{talk.who}"),
        ("记录的情况", talk.opinions),
        ("代表", row.deputy.name),
    ]


def _back(row: ContactConfirmation) -> HttpResponse:
    return redirect(f"{address(row.contact.assignment.suggestion)}#contacts")


@site.page("suggestions/talks/<int:pk>/word/", "suggestions_talk_word", KEEPERS)
@once
def word(request: HttpRequest, pk: int) -> HttpResponse:
    """The deputy's word is entered from paper; a second person compares it."""
    row = _found(request, pk)
    if row.confirmed is not None or row.paper_word is not None:
        raise NotAllowed("这条沟通记录已经有代表的意见")
    form = TalkWordForm(request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        values = dict(form.cleaned_data)
        scan = keep_paper(values.pop("scan"), request.member)
        actions.enter_talk_word(row, by=request.member, scan=scan, **values)
        messages.success(request, "已录入，请另一位同事核对后生效")
        return _back(row)
    return form_page(
        request, form, "代为确认沟通", "录入", way_back(row.contact.assignment.suggestion),
        ABOUT_FORM, about=_about(row),
        explain="代表自己能在手机上确认的，请代表本人确认。录入人和核对人不能是同一人。",
    )  # fmt: skip


@site.page("suggestions/talks/<int:pk>/compare/", "suggestions_talk_compare", KEEPERS)
@once
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """The second person compares the entry with the scan, or gives it back."""
    row = _found(request, pk)
    if row.confirmed is not None or row.paper_word is None:
        raise NotAllowed("没有需要核对的沟通确认")
    if request.method == "POST":
        agrees = "redo" not in request.POST
        actions.compare_talk_word(row, by=request.member, agrees=agrees)
        words = "已核对，代表的意见生效" if agrees else "已退回，请重新录入"
        messages.success(request, words)
        return _back(row)
    said = "属实" if row.paper_word else "不属实"
    context = {
        "title": "核对代为确认的沟通",
        "back": way_back(row.contact.assignment.suggestion),
        "about": [
            *_about(row), ("代表的意见", said), ("方式", row.get_means_display()),
            ("说明", row.note or "没有"), ("录入", row.entered_by.name),
        ],
        "scan": row.scan,
        "redo": "",
        "own": row.entered_by.user_id == request.member.user_id,
    }  # fmt: skip
    return site.render(request, "suggestions/admin/compare.html", context)
