"""How handling ends besides its own way: 终止, and 归档 after it is closed."""

from django import forms
from django.http import HttpRequest, HttpResponse

from congress.admin import site
from congress.forms.fields import WordsField
from congress.once import once

from .. import actions
from ..models import Suggestion
from .intake import KEEPERS, found, step_page

Step = Suggestion.Step


class EndForm(forms.Form):
    reason = WordsField(label="终止的理由", rows=3, max_length=300)


@site.page("suggestions/<int:pk>/terminate/", "suggestions_terminate", KEEPERS)
@once
def terminate(request: HttpRequest, pk: int) -> HttpResponse:
    """终止: the matter fell away."""
    row = found(request, pk, Step.TERMINATE)
    form = EndForm(request.POST or None)
    return step_page(
        request, row, form, lambda v: actions.terminate(row, by=request.member, **v),
        title="终止", done="已终止办理，已告知代表", danger=True,
        explain="只用于事项已经不存在的情形，例如法律修改、单位撤销且无承接单位。"
        "编号保留，统计时单列；承办单位的任务取消。",
    )  # fmt: skip


@site.page("suggestions/<int:pk>/archive/", "suggestions_archive", KEEPERS)
@once
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """归档 a closed suggestion."""
    row = found(request, pk, Step.ARCHIVE)
    form = forms.Form(request.POST if request.method == "POST" else None)
    return step_page(
        request, row, form, lambda _: actions.archive(row, by=request.member),
        title="归档", done="已归档",
        explain="归档后不再变动；承诺继续跟踪，公开另行审查。",
    )  # fmt: skip
