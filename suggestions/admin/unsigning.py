"""撤回签名 from a signed paper, for a co-signer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from congress.admin import form_page, site
from congress.flow import NotAllowed
from congress.once import once

from .. import access, actions
from ..forms.writing import UnsignPaperForm
from ..models import Signature
from .frame import ABOUT_FORM, address, keep_paper, way_back
from .intake import KEEPERS


@site.page("suggestions/signatures/<int:pk>/withdraw/", "suggestions_unsign", KEEPERS)
@once
def unsign(request: HttpRequest, pk: int) -> HttpResponse:
    """A co-signer's written withdrawal is entered with its scan."""
    seen = access.visible_to(request.member).order_by().values("pk")
    rows = Signature.objects.filter(suggestion__in=seen).select_related("suggestion", "deputy")
    row = get_object_or_404(rows, pk=pk)
    suggestion = row.suggestion
    if not access.may_unsign(request.member, suggestion, row):
        raise NotAllowed("这位代表的签名现在不能撤回")
    form = UnsignPaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        scan = keep_paper(form.cleaned_data["scan"], request.member)
        actions.withdraw_signature(
            row, by=request.member, reason=form.cleaned_data["reason"], scan=scan
        )
        messages.success(request, f"已登记{row.deputy.name}撤回签名，已告知其他提出代表和承办单位")
        return redirect(f"{address(suggestion)}#people")
    return form_page(
        request, form, "登记撤回签名", "登记", way_back(suggestion), ABOUT_FORM,
        about=[("建议", str(suggestion)), ("联名代表", row.deputy.name)],
        explain="凭代表签名的书面材料登记。建议由其他提出代表继续，办理期限不变；"
        "整件撤回须全体提出代表书面同意。",
    )  # fmt: skip
