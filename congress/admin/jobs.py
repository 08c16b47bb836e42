"""后台任务: what runs or ran in the background; what failed is begun anew."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from .. import access, outbox, queries
from ..forms.log import JobFilter
from ..models import Job, Role
from ..once import once
from .site import site
from .staff import StaffAdmin

EACH_PAGE = 50


def state_of(job: Job) -> tuple[str, str]:
    """How far a job is, in words and the tone of their badge."""
    if job.done_at:
        return "已完成", "done"
    if job.failed_at:
        return "失败", "late"
    return ("进行中", "active") if job.beat_at else ("排队", "waiting")


class JobAdmin(StaffAdmin):
    roles_view = (
        Role.SYSTEM_ADMIN, Role.DEPUTY_AFFAIRS, Role.STREET, Role.COMMITTEE, Role.CHAIR,
    )  # fmt: skip

    def rows(self, member):
        return access.jobs_visible_to(member)

    def changelist_view(self, request, extra_context=None):
        """The latest first; the system administrator sees all, others their own."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        form = JobFilter(request.GET or None)
        rows = queries.jobs_narrowed(access.jobs_visible_to(request.member), form.asked())
        page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
        context = {
            "title": "后台任务",
            "note": "导入、汇总、生成文件等较长的工作在后台办理，可以离开页面。",
            "filter_form": form,
            "page": page,
            "lines": [(job, *state_of(job)) for job in page],
            "is_filtered": bool(form.asked()),
        }
        return site.render(request, "congress/staff/jobs.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One job: who asked, how far, what became of it."""
        row = self.row_or_404(request, object_id)
        return job_page(request, row)


site.register(Job, JobAdmin)


@once
def job_page(request: HttpRequest, row: Job) -> HttpResponse:
    if request.method == "POST":
        outbox.retry(row, by=request.member)
        messages.success(request, "已重新排队")
        return redirect("admin:congress_job_change", row.pk)
    words, tone = state_of(row)
    context = {
        "title": row.title,
        "opts": Job._meta,
        "row": row,
        "words": words,
        "tone": tone,
        "is_own": row.by_id == request.member.pk,
    }
    return site.render(request, "congress/staff/job.html", context)
