"""公开: the deputy says whether suggestion and reply may be published."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path

from congress.access import only
from congress.flow import NotAllowed
from congress.models import Role
from congress.once import once

from .. import access, actions
from ..forms.publishing import ConsentForm


@only(Role.DEPUTY)
@once
def consent(request: HttpRequest, pk: int) -> HttpResponse:
    """是否同意公开: the lead, or who wrote a delegation's suggestion down."""
    row = access.find(request.member, pk)
    if not access.is_lead(request.member, row):
        raise Http404
    access.need_here(row)
    if row.registered_at is None:
        raise NotAllowed("建议登记以后再答复是否公开")
    yes_no = {True: "yes", False: "no", None: None}
    form = ConsentForm(
        request.POST or None,
        initial={"text": yes_no[row.may_publish_text], "reply": yes_no[row.may_publish_reply]},
    )
    if request.method == "POST" and form.is_valid():
        actions.give_consent(row, by=request.member, **form.cleaned_data)
        messages.success(request, "已记下您的意见")
        return redirect("portal_suggestion", pk)
    status = 422 if form.is_bound else 200
    context = {"suggestion": row, "form": form}
    return render(request, "suggestions/portal/consent.html", context, status=status)


urlpatterns = [
    path("suggestions/<int:pk>/publish/", consent, name="portal_suggestion_consent"),
]
