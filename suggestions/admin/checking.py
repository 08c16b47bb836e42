"""预审: a reply is read before it goes to the deputies, where the rules ask 代工委 for it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from congress.admin import attempt, form_page, site
from congress.once import once
from congress.pdf import shown

from .. import access, actions, queries
from ..forms.replying import REASONS, CheckForm
from ..models import Assignment, Reply
from .frame import address, way_back
from .intake import KEEPERS


def _waiting(request: HttpRequest, pk: int) -> tuple[Assignment, Reply]:
    task = access.find_task(request.member, pk)
    rows = task.replies.filter(round=task.suggestion.round, state=Reply.State.SIGNED_OFF)
    row = rows.select_related("result_class", "assignment__suggestion").last()
    if row is None or not access.may_check(request.member, task):
        raise Http404
    return task, row


@site.page("suggestions/replies/<int:pk>/check/", "suggestions_reply_check", KEEPERS)
@once
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """预审 by 代工委: the reply beside what was asked, passed or sent back with the reason."""
    task, reply = _waiting(request, pk)
    form = CheckForm(request.POST or None)
    if form.is_bound and form.is_valid():
        done = attempt(form, actions.check_reply, task, by=request.member, **form.cleaned_data)
        if done is not None:
            passes = form.cleaned_data["passes"]
            messages.success(request, "预审通过，单位可以送达代表" if passes else "已退回单位修改")
            return redirect(address(task.suggestion))
    return form_page(
        request, form, f"预审{task.unit_name}的答复", "提交", way_back(task.suggestion),
        "suggestions/admin/check_reply.html", task=task, reply=reply,
        reason=REASONS.get(reply.reason_code, reply.reason_code),
        points=queries.points_of(reply),
        promises=reply.promises.order_by("number"),
    )  # fmt: skip


@site.page("suggestions/replies/<int:pk>/draft/", "suggestions_reply_draft", KEEPERS)
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter that is to be checked, as it would go."""
    task, reply = _waiting(request, pk)
    name = f"第{task.suggestion.number}号答复函（预审）"
    return shown(name, actions.letter_of(reply, by=request.member))
