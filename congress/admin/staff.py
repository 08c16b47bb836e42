"""The base of every list and file page of the staff."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet, TextChoices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from unfold.admin import ModelAdmin

from .. import audit
from ..flow import Flow
from ..models import STAFF_ROLES, Membership, Role
from ..once import new_token, once


@dataclass(frozen=True)
class StepPage:
    """One verb of a process: its step, the action that carries it out and the form it asks."""

    step: TextChoices
    action: Callable[..., Model]
    form: type[forms.Form] | None = None
    primary: bool = False
    done: str = ""  # what the page says afterwards
    explain: str = ""  # what will happen, above the form
    danger: bool = False


class StaffAdmin(ModelAdmin):
    """Rows through the app's access, rights through roles, states through actions only."""

    roles_view: Iterable[Role] = STAFF_ROLES
    roles_add: Iterable[Role] = ()
    roles_change: Iterable[Role] = ()
    roles_delete: Iterable[Role] = ()
    flow: Flow | None = None
    step_pages: tuple[StepPage, ...] = ()
    step_template = "admin/step.html"
    change_form_before_template = "admin/step_buttons.html"
    list_per_page = 30
    show_full_result_count = False
    list_fullwidth = True
    warn_unsaved_form = True

    # -- rows and rights ----------------------------------------------------------------------
    def rows(self, member: Membership) -> QuerySet:
        """Which rows this member may see: the app's access.visible_to."""
        return self.model._default_manager.all()

    def steps_for(self, member: Membership, row: Model) -> list[TextChoices]:
        """Which steps this member may take now: the app's access.steps."""
        return self.flow.steps(row.state) if self.flow else []

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = self.rows(request.member)
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def row_or_404(self, request: HttpRequest, object_id: str) -> Model:
        """The row a page of our own is about; raises 403 for a role that has no business here,
        404 for a row that is not there or not to be seen."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return row

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        return self._is(request, {*self.roles_view, *self.roles_change, *self.roles_add})

    def has_add_permission(self, request):
        return self._is(request, self.roles_add)

    def has_change_permission(self, request, obj=None):
        return self._is(request, self.roles_change)

    def has_delete_permission(self, request, obj=None):
        return self._is(request, self.roles_delete)

    def _is(self, request, roles: Iterable[Role]) -> bool:
        return request.member is not None and request.member.role in set(roles)

    # -- log ----------------------------------------------------------------------------------
    def log_addition(self, request, obj, message):
        audit.record(request.member, "congress.add", obj)

    def log_change(self, request, obj, message):
        audit.record(request.member, "congress.change", obj, after={"说明": str(message)})

    def log_deletions(self, request, queryset):
        for obj in queryset:
            audit.record(request.member, "congress.delete", obj)

    # -- steps --------------------------------------------------------------------------------
    def get_urls(self):
        meta = self.model._meta
        name = f"{meta.app_label}_{meta.model_name}_step"
        step = path(
            "<path:object_id>/step/<str:step>/",
            self.admin_site.admin_view(once(self.step_view)),
            name=name,
        )
        return ([step] if self.step_pages else []) + super().get_urls()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_object(request, object_id)
        context = {"step_buttons": self.step_buttons(request, row) if row else []}
        return super().change_view(
            request, object_id, form_url, {**context, **(extra_context or {})}
        )

    def step_buttons(self, request: HttpRequest, row: Model) -> list[dict]:
        """The buttons drawn from the flow table, for this member and this row."""
        if not self.step_pages:
            return []
        possible = set(self.steps_for(request.member, row))
        meta = self.model._meta
        name = f"{self.admin_site.name}:{meta.app_label}_{meta.model_name}_step"
        return [
            {
                "label": p.step.label,
                "primary": p.primary,
                "danger": p.danger,
                "url": reverse(name, args=[row.pk, p.step.value]),
            }
            for p in self.step_pages
            if p.step in possible
        ]

    def step_context(self, request: HttpRequest, row: Model, step: TextChoices) -> dict:
        """What the page of a step shows besides its form."""
        return {}

    def step_form(self, request: HttpRequest, row: Model, page: StepPage, *sent) -> forms.Form:
        """The form a step asks, filled with what was sent."""
        return (page.form or forms.Form)(*sent)

    def step_done(
        self, request: HttpRequest, row: Model, page: StepPage, result: object
    ) -> HttpResponse:
        """After a step: say so and lead back to the row."""
        messages.success(request, page.done or f"已{page.step.label}")
        meta = self.model._meta
        return redirect(f"{self.admin_site.name}:{meta.app_label}_{meta.model_name}_change", row.pk)

    def step_view(self, request: HttpRequest, object_id: str, step: str) -> HttpResponse:
        """Ask what the step needs, then carry it out."""
        page = next((p for p in self.step_pages if p.step.value == step), None)
        row = self.get_object(request, object_id)
        if page is None or row is None or not self.has_view_permission(request, row):
            raise Http404
        if page.step not in self.steps_for(request.member, row):
            if self.flow:
                self.flow.after(row.state, page.step)  # the wrong moment: says why
            raise PermissionDenied
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = self.step_form(request, row, page, *sent)
        if form.is_valid():
            result = page.action(row, by=request.member, **form.cleaned_data)
            return self.step_done(request, row, page, result)
        context = {
            "title": f"{page.step.label}：{row}",
            "form": form,
            "page": page,
            "row": row,
            "opts": self.model._meta,
            "once": new_token(),
            **self.step_context(request, row, page.step),
        }
        status = 422 if form.is_bound else 200
        return self.admin_site.render(request, self.step_template, context, status)
