"""After 交办: talks confirmed, units judged, classes and promises answered."""

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.views.decorators.http import require_POST

from congress.access import only
from congress.flow import NotAllowed
from congress.holidays import work_calendar
from congress.models import Role
from congress.once import once
from deadlines.models import Deadline
from deadlines.queries import shown as limits_shown
from deputies.queries import deputy_of

from .. import access, actions, queries
from ..forms.changing import ObjectionForm
from ..forms.judging import ContactForm, JudgeForm, ReceiptForm
from ..models import ClassChange, ContactConfirmation, Suggestion
from ..rules import GONE
from ..rules.kinds import JUDGE, RECEIPT


def _limits_of(request: HttpRequest, subject: Model, kind: str) -> list[Deadline]:
    """The deputy's own time limit on a page."""
    rows = limits_shown([subject], [kind])
    return [d for d in rows if d.member_id == request.member.pk and d.is_open]


@only(Role.DEPUTY)
@once
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """A talk as the unit recorded it: 属实 or not."""
    row = get_object_or_404(
        ContactConfirmation.objects.select_related("contact__assignment__suggestion", "deputy"),
        contact=pk,
        deputy=deputy_of(request.member),
    )
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.confirm_contact(row.contact, by=request.member, **form.cleaned_data)
        messages.success(request, "已记下您的确认")
        return redirect("portal_suggestion", row.contact.assignment.suggestion_id)
    context = {
        "row": row,
        "contact": row.contact,
        "suggestion": row.contact.assignment.suggestion,
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "suggestions/portal/contact.html", context, status=status)


@only(Role.DEPUTY)
@once
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """评价: one unit after the other, a minute each."""
    row = access.find(request.member, pk)
    owed = queries.expected_of(row, deputy_of(request.member))
    if row.state != Suggestion.State.ANSWERED or not owed:
        raise NotAllowed("这件建议现在没有需要您评价的")
    feedback = owed[0]
    wanted = request.POST.get("feedback")
    if wanted and wanted.isdigit():
        feedback = next((f for f in owed if f.pk == int(wanted)), None)
        if feedback is None:
            raise NotAllowed("这个单位您已经评价过了")
    reply = feedback.reply
    form = JudgeForm(
        request.POST or None, rules=row.rule_set, task=feedback.assignment, with_class=bool(reply)
    )
    if request.method == "POST" and form.is_valid():
        actions.give_feedback(feedback, by=request.member, ratings=form.ratings, **form.values)
        if len(owed) > 1:
            messages.success(
                request, f"已评价{feedback.assignment.unit_name}，请接着评价下一个单位"
            )
            return redirect("portal_suggestion_judge", pk)
        messages.success(request, "评价已提交，谢谢您。承办单位看不到是谁怎样评价的")
        return redirect("portal_suggestion", pk)
    context = {
        "suggestion": row,
        "feedback": feedback,
        "reply": reply,
        "form": form,
        "left": len(owed),
        "limits": _limits_of(request, row, JUDGE),
    }
    status = 422 if form.is_bound else 200
    return render(request, "suggestions/portal/judge.html", context, status=status)


@only(Role.DEPUTY)
@once
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """承诺落实回执."""
    row = get_object_or_404(
        access.promises_visible_to(request.member).prefetch_related("events__evidence"), pk=pk
    )
    deputy = deputy_of(request.member)
    asked = queries.promises_to_judge(deputy).filter(pk=pk).first()
    if asked is None:
        raise NotAllowed("这项承诺现在不需要您评价")
    form = ReceiptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.receipt_promise(row, by=request.member, **form.cleaned_data)
        messages.success(request, "评价已提交")
        return redirect("portal_suggestion", row.suggestion_id)
    context = {
        "promise": row,
        "suggestion": row.suggestion,
        "form": form,
        "due_on": queries.word_due_on(asked, work_calendar()),
        "limits": _limits_of(request, row, RECEIPT),
    }
    status = 422 if form.is_bound else 200
    return render(request, "suggestions/portal/receipt.html", context, status=status)


@only(Role.DEPUTY)
@require_POST
@once
def class_change(request: HttpRequest, pk: int) -> HttpResponse:
    """结果类别调整: the lead agrees or not."""
    row = get_object_or_404(
        ClassChange.objects.select_related("assignment__suggestion__lead__membership"), pk=pk
    )
    if not access.is_lead(request.member, row.assignment.suggestion):
        raise Http404
    agrees = request.POST.get("agrees") == "yes"
    actions.agree_class(row, by=request.member, agrees=agrees)
    messages.success(request, "已同意调整" if agrees else "已记下您不同意调整")
    return redirect("portal_suggestion", row.assignment.suggestion_id)


@only(Role.DEPUTY)
@once
def object_to_units(request: HttpRequest, pk: int) -> HttpResponse:
    """对承办单位提出异议."""
    row = access.find(request.member, pk)
    if not access.may_object_to_units(request.member, row):
        raise NotAllowed("只有领衔代表可以在答复前对承办单位提出异议")
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.object_to_units(row, by=request.member, **form.cleaned_data)
        messages.success(request, "已提交，代工委答复后会发消息告诉您")
        return redirect("portal_suggestion", pk)
    units = row.assignments.exclude(state__in=GONE)
    context = {"suggestion": row, "form": form, "units": units}
    status = 422 if form.is_bound else 200
    return render(request, "suggestions/portal/object.html", context, status=status)


urlpatterns = [
    path("suggestions/<int:pk>/object/", object_to_units, name="portal_suggestion_object"),
    path("suggestions/contacts/<int:pk>/", contact, name="portal_suggestion_contact"),
    path("suggestions/<int:pk>/judge/", judge, name="portal_suggestion_judge"),
    path("suggestions/promises/<int:pk>/", receipt, name="portal_promise_receipt"),
    path("suggestions/classes/<int:pk>/", class_change, name="portal_class_change"),
]
