"""An invited deputy reads the whole text and confirms it, or does not."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from congress.access import only
from congress.flow import NotAllowed
from congress.models import Role
from congress.once import once
from deputies.queries import deputy_of

from .. import access, actions
from ..forms.writing import UnsignForm
from ..models import Signature, Suggestion
from ..rules.texts import fingerprint


def _invited(request: HttpRequest, pk: int) -> tuple[Suggestion, Signature]:
    row = access.find(request.member, pk)
    deputy = deputy_of(request.member)
    signature = row.signatures.filter(deputy=deputy).first()
    if signature is None:
        raise Http404
    return row, signature


@only(Role.DEPUTY)
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole text, with the two answers below it."""
    row, signature = _invited(request, pk)
    context = {
        "suggestion": row,
        "signature": signature,
        "digest": fingerprint(row.title, row.situation, row.requests),
        "open": row.state in access.SIGNABLE
        and signature.state in (Signature.State.INVITED, Signature.State.VOIDED),
        "files": row.attachments.select_related("file"),
    }
    return render(request, "suggestions/portal/sign.html", context)


@only(Role.DEPUTY)
@require_POST
@once
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """我同意联名: this text and no other."""
    row, _ = _invited(request, pk)
    actions.confirm_signature(row, by=request.member, text_sha256=request.POST.get("digest", ""))
    messages.success(request, "您已确认联名。文本再有改动时，会请您重新确认")
    return redirect("portal_suggestions")


@only(Role.DEPUTY)
@require_POST
@once
def decline(request: HttpRequest, pk: int) -> HttpResponse:
    """不参加."""
    row, _ = _invited(request, pk)
    actions.decline_signature(row, by=request.member)
    messages.success(request, "已告知领衔代表您不参加联名")
    return redirect("portal_suggestions")


@only(Role.DEPUTY)
@once
def unsign(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回签名, after the hand-in, with the reason."""
    row, signature = _invited(request, pk)
    if not access.may_unsign(request.member, row, signature):
        raise NotAllowed("现在不能撤回签名，请联系代工委")
    form = UnsignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.withdraw_signature(signature, by=request.member, **form.cleaned_data)
        messages.success(request, "已撤回您的签名，已告知领衔代表和代工委")
        return redirect("portal_suggestion", pk)
    context = {"suggestion": row, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "suggestions/portal/unsign.html", context, status=status)


urlpatterns = [
    path("suggestions/<int:pk>/unsign/", unsign, name="portal_suggestion_unsign"),
    path("suggestions/<int:pk>/sign/", sign, name="portal_suggestion_sign"),
    path("suggestions/<int:pk>/sign/confirm/", confirm, name="portal_suggestion_confirm"),
    path("suggestions/<int:pk>/sign/decline/", decline, name="portal_suggestion_decline"),
]
