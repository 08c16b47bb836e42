"""接口密钥: which programs work as whom; made on the page of the member, revoked here."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from .. import access, actions
from ..forms.tokens import TokenFilter
from ..models import ApiToken, Role
from ..once import once
from .members import EACH_PAGE
from .site import site
from .staff import StaffAdmin


class TokenAdmin(StaffAdmin):
    roles_view = (Role.SECURITY_ADMIN,)

    def rows(self, member):
        return access.tokens_visible_to(member)

    def changelist_view(self, request, extra_context=None):
        """Tokens that still open something in front; the others by choice."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        form = TokenFilter(request.GET or None)
        rows = form.narrowed(access.tokens_visible_to(request.member), timezone.now())
        page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
        context = {
            "title": "接口密钥",
            "note": "程序以某个成员的身份读写数据。新密钥在该成员的页面上创建，只显示一次。",
            "filter_form": form,
            "page": page,
            "now": timezone.now(),
            "is_filtered": bool(request.GET),
        }
        return site.render(request, "congress/staff/tokens.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """One token: whose, for what, until when; 停用."""
        row = self.row_or_404(request, object_id)
        return token_page(request, row)


site.register(ApiToken, TokenAdmin)


@once
def token_page(request: HttpRequest, row: ApiToken) -> HttpResponse:
    if request.method == "POST":
        actions.revoke_token(row, by=request.member)
        return redirect("admin:congress_apitoken_changelist")
    context = {"title": row.label, "opts": ApiToken._meta, "row": row, "now": timezone.now()}
    return site.render(request, "congress/staff/token.html", context)
