"""优秀建议: a decision is entered, or taken back."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from congress.admin import form_page, site
from congress.flow import NotAllowed
from congress.forms import DayField
from congress.once import once

from .. import access, actions
from ..models import Commendation
from .frame import ABOUT_FORM, address, way_back
from .intake import KEEPERS


class CommendForm(forms.Form):
    name = forms.CharField(label="名称", max_length=60, initial="优秀建议")
    on = DayField(label="决定日期")
    document = forms.CharField(
        label="依据文件或者会议", max_length=120, help_text="例如：常委会第二十次会议决定。"
    )


class RevokeForm(forms.Form):
    reason = forms.CharField(label="撤销的理由", max_length=200)


@site.page("suggestions/<int:pk>/commend/", "suggestions_commend", KEEPERS)
@once
def commend(request: HttpRequest, pk: int) -> HttpResponse:
    """登记优秀建议."""
    row = access.find(request.member, pk)
    if not access.may_commend(request.member, row):
        raise NotAllowed("这件建议现在不能登记评优")
    form = CommendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.commend(row, by=request.member, **form.cleaned_data)
        messages.success(request, "已登记，计入领衔和联名代表的履职记录")
        return redirect(f"{address(row)}#people")
    return form_page(
        request, form, "登记优秀建议", "登记", way_back(row), ABOUT_FORM,
        about=[("建议", str(row))],
        explain="登记后按办理规则计入提出代表的履职记录，并告知代表。",
    )  # fmt: skip


@site.page("suggestions/commendations/<int:pk>/revoke/", "suggestions_uncommend", KEEPERS)
@once
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """撤销优秀建议登记."""
    seen = access.visible_to(request.member).order_by().values("pk")
    rows = Commendation.objects.filter(suggestion__in=seen).select_related("suggestion")
    row = get_object_or_404(rows, pk=pk)
    if row.revoked_at is not None:
        raise NotAllowed("这项登记已经撤销")
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.revoke_commendation(row, by=request.member, **form.cleaned_data)
        messages.success(request, "已撤销，相应的履职记录一并撤回")
        return redirect(f"{address(row.suggestion)}#people")
    return form_page(
        request, form, "撤销优秀建议登记", "撤销", way_back(row.suggestion), ABOUT_FORM,
        about=[("建议", str(row.suggestion)), ("登记", f"{row}，{row.document}")],
    )  # fmt: skip
