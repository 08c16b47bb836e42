"""What came of it: words and files; the sheet to sign on paper."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from congress.admin import site
from congress.once import once

from .. import access, actions, queries
from ..forms import FileForm, ResultForm
from ..models import Activity
from .frame import found, frame


@site.page("activities/<int:pk>/outcome/", "activity_outcome", access.READERS)
@once
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """The result in words, and the files."""
    activity = found(request, pk, to_run=request.method == "POST")
    posted = request.POST.get("form", "") if request.method == "POST" else ""
    result = ResultForm(
        request.POST if posted == "result" else None, initial={"result": activity.result}
    )
    upload = FileForm(
        request.POST if posted == "file" else None, request.FILES if posted == "file" else None
    )
    if posted == "result" and result.is_valid():
        actions.write_result(activity, by=request.member, result=result.cleaned_data["result"])
        messages.success(request, "成果已保存")
        return redirect("admin:activity_outcome", pk)
    if posted == "file" and upload.is_valid():
        for file in upload.cleaned_data["files"]:
            actions.attach(
                activity,
                by=request.member,
                kind=upload.cleaned_data["kind"],
                is_public=upload.cleaned_data["is_public"],
                **file._asdict(),
            )
        messages.success(request, "文件已保存")
        return redirect("admin:activity_outcome", pk)
    if posted == "remove":
        number = request.POST.get("file", "")
        row = get_object_or_404(
            activity.files.select_related("file", "activity"),
            pk=number if number.isdigit() and len(number) < 18 else 0,
        )
        actions.detach(row, by=request.member)
        messages.success(request, "文件已移除")
        return redirect("admin:activity_outcome", pk)
    context = frame(
        request,
        activity,
        "outcome",
        result_form=result,
        file_form=upload,
        form=upload if posted == "file" else result if posted == "result" else None,
        files=activity.files.select_related("file"),
        can_change=access.may_run(request.member, activity)
        and activity.state != Activity.State.CANCELLED,
    )
    status = 422 if posted else 200
    return site.render(request, "activities/staff/outcome.html", context, status)


@site.page("activities/<int:pk>/sheet/", "activity_sheet", access.READERS)
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The sign-in sheet on A4, by delegation in roster order, with a line to sign on."""
    activity = found(request, pk)
    rows = queries.guests(activity)
    groups: dict[str, list] = {}
    for row in rows:
        groups.setdefault(row.delegation, []).append(row)
    context = {
        "activity": activity,
        "groups": list(groups.items()),
        "total": len(rows),
        "sessions": list(activity.sessions.all()),
    }
    return render(request, "activities/print/sheet.html", context)
