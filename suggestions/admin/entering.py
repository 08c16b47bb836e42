"""代录: suggestions on paper, of delegations, bills become suggestions; numbers of secret ones."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from congress.admin import form_page, site
from congress.files import store
from congress.flow import NotAllowed
from congress.once import once
from congress.words import cn_date

from .. import access, actions
from ..forms.intake import CloseSecretForm, EnterForm, HeadForm, MendForm, ReceiveForm, SecretForm
from ..models import Signature, Suggestion
from .frame import FORM, address, list_link, way_back
from .intake import KEEPERS, found


@site.page("suggestions/enter/", "suggestions_enter", KEEPERS)
@once
def enter(request: HttpRequest) -> HttpResponse:
    """代录建议: what was received on paper, with its scan."""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = EnterForm(*sent, member=request.member)
    if form.is_bound and form.is_valid():
        upload = form.cleaned_data["scan"]
        scan = store(**upload._asdict(), purpose=access.FILE_PURPOSE, by=request.member)
        row = actions.enter(by=request.member, scan=scan, **form.paper)
        messages.success(request, f"已代录，转入{row.get_state_display()}")
        return redirect(address(row))
    context = {"title": "代录建议", "back": [list_link()], "form": form, "cancel": list_link()[1]}
    status = 422 if form.is_bound else 200
    return site.render(request, "suggestions/admin/intake/enter.html", context, status)


@site.page("suggestions/receive/", "suggestions_receive", KEEPERS)
@once
def receive(request: HttpRequest) -> HttpResponse:
    """登记上级转来的建议, with the sender's letter."""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ReceiveForm(*sent)
    if form.is_bound and form.is_valid():
        upload = form.cleaned_data["scan"]
        letter = store(**upload._asdict(), purpose=access.FILE_PURPOSE, by=request.member)
        row = actions.receive(by=request.member, letter=letter, **form.paper)
        day = cn_date(row.received.reply_by)
        messages.success(request, f"已登记，编号 {row.number}；请交办，{day}前答复来文机关")
        return redirect(address(row))
    context = {
        "title": "登记上级转来的建议",
        "submit": "登记编号",
        "back": [list_link()],
        "form": form,
        "cancel": list_link()[1],
        "explain": "上级人大转来、由本级单位办理的建议，单独编号，与本级建议同样交办和办理；"
        "答复送来文机关，不在本级评价和公开，不计入本级统计。",
    }
    status = 422 if form.is_bound else 200
    return site.render(request, "suggestions/admin/intake/receive.html", context, status)


@site.page("suggestions/secret/", "suggestions_secret", KEEPERS)
@once
def secret(request: HttpRequest) -> HttpResponse:
    """登记涉密件: a number and nothing of the matter."""
    form = SecretForm(request.POST or None, member=request.member)
    if form.is_bound and form.is_valid():
        row = actions.reserve_secret(
            by=request.member, category=form.cleaned_data["category"], **form.whose
        )
        messages.success(request, f"已登记，编号 {row.number}；内容请按保密规定另行办理")
        return redirect(address(row))
    return form_page(
        request,
        form,
        "登记涉密件",
        "登记编号",
        [list_link()],
        FORM,
        explain="涉密建议的标题和内容不得录入本系统，这里只登记提出人和日期，取得编号。"
        "办理和答复按保密规定在系统以外进行。",
    )


@site.page("suggestions/<int:pk>/close-secret/", "suggestions_close_secret", KEEPERS)
@once
def close_secret(request: HttpRequest, pk: int) -> HttpResponse:
    """登记系统外办结 of a secret one."""
    row = found(request, pk, Suggestion.Step.CLOSE_OUTSIDE)
    form = CloseSecretForm(request.POST or None)
    if form.is_bound and form.is_valid():
        actions.close_secret(row, by=request.member, **form.cleaned_data)
        messages.success(request, f"第{row.number}号已登记办结")
        return redirect(address(row))
    return form_page(
        request, form, "登记系统外办结", "登记办结", way_back(row), FORM,
        explain="涉密建议按保密规定在系统以外答复、征求代表意见后，在这里登记办结的日期。"
        "不要填写任何办理内容。",
    )  # fmt: skip


@site.page("suggestions/<int:pk>/head/", "suggestions_head", KEEPERS)
@once
def head(request: HttpRequest, pk: int) -> HttpResponse:
    """登记团长 of a delegation's suggestion."""
    row = access.find(request.member, pk)
    if not access.may_name_head(request.member, row):
        raise NotAllowed("只有以代表团名义提出、尚未办结的建议需要登记团长")
    form = HeadForm(request.POST or None, member=request.member)
    if form.is_bound and form.is_valid():
        actions.name_head(row, by=request.member, head=form.head)
        messages.success(request, f"已登记{form.head.name}为团长")
        return redirect(address(row))
    return form_page(
        request, form, "登记代表团团长", "登记", way_back(row), FORM,
        explain=f"“{row}”以{row.delegation}名义提出，没有领衔代表。承办单位与团长沟通，"
        "答复送达团长，由团长代表全团作出评价。",
    )  # fmt: skip


@site.page("suggestions/<int:pk>/mend/", "suggestions_mend", KEEPERS)
@once
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """A paper that was sent back is mended for those who cannot do it themselves."""
    row = found(request, pk, Suggestion.Step.RESUBMIT)
    joint = row.signatures.filter(state=Signature.State.CONFIRMED).exists()
    form = MendForm(request.POST or None, suggestion=row, joint=joint)
    if form.is_bound and form.is_valid():
        actions.mend(row, by=request.member, **form.values)
        messages.success(request, "已按修改稿提交，重新审查")
        return redirect(address(row))
    last = row.reviews.exclude(result="passed").order_by("-pk").first()
    context = {
        "title": "修改后提交",
        "back": way_back(row),
        "form": form,
        "explain": f"退回意见：{last.opinion}" if last else "",
        "cancel": address(row),
    }
    status = 422 if form.is_bound else 200
    return site.render(request, "suggestions/admin/intake/enter.html", context, status)
