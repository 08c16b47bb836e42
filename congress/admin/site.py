"""The staff's site under /admin/."""

from collections.abc import Callable, Iterable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from unfold.sites import UnfoldAdminSite

from ..access import only, to_sign_in
from ..models import STAFF_ROLES, Membership, Role


class StaffSite(UnfoldAdminSite):
    """Open to staff memberships of the host's congress; the rest is each page's own matter."""

    site_header = site_title = "人大代表工作平台"
    final_catch_all_view = True

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.pages: list[tuple[str, Callable, str]] = []
        self.first_page: Callable[[HttpRequest], HttpResponse] | None = None

    def has_permission(self, request: HttpRequest) -> bool:
        return request.member is not None and request.member.role in STAFF_ROLES

    def page(self, route: str, name: str, roles: Iterable[Role] = STAFF_ROLES) -> Callable:
        """Register a function `view(request, …)` as a page of the admin at /admin/<route>,
        reversed as `admin:<name>`, open to these roles."""

        def register(view: Callable) -> Callable:
            guarded = only(*roles)(view)
            self.pages.append((route, guarded, name))
            return guarded

        return register

    def opens(self, member: Membership | None, name: str) -> bool:
        """Whether a page exists and this member's role is let in."""
        return member is not None and any(
            own == name and member.role in getattr(view, "audience", ())
            for _, view, own in self.pages
        )

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list:
        """No list of everything for every page: the side column is our own (congress.unfold)."""
        return super().get_app_list(request, app_label) if app_label else []

    def each_context(self, request: HttpRequest) -> dict:
        """The search in the masthead stands only before those who may search."""
        opens = self.opens(request.member, "find")
        return super().each_context(request) | {"find_url": reverse("admin:find") if opens else ""}

    def render(
        self, request: HttpRequest, template: str, context: dict | None = None, status: int = 200
    ) -> HttpResponse:
        """Render a page inside the admin's frame (extend admin/staff_page.html)."""
        return render(
            request, template, {**self.each_context(request), **(context or {})}, status=status
        )

    def get_urls(self):
        own = []
        for route, view, name in self.pages:
            wrapped = self.admin_view(view)
            wrapped.audience = view.audience
            own.append(path(route, wrapped, name=name))
        return own + super().get_urls()

    def admin_view(self, view, cacheable=False):
        """The theme evaluates its own expressions and styles: allowed under /admin/ alone."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def themed(request, *args, **kwargs):
            if request.member is None:
                return to_sign_in(request)
            if not self.has_permission(request):
                raise PermissionDenied
            response = inner(request, *args, **kwargs)
            response._csp_update = {
                "script-src": ["'unsafe-eval'"],
                "style-src": ["'unsafe-inline'"],
            }
            return response

        return themed

    def index(self, request, extra_context=None):
        if self.first_page:
            return self.first_page(request)
        return super().index(request, extra_context)

    def login(self, request, extra_context=None):
        if request.member is not None:
            return redirect("first_screen")
        return to_sign_in(request)

    def logout(self, request, extra_context=None):
        return redirect("account_logout")

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")


site = StaffSite(name="admin")
