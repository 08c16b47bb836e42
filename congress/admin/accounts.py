"""用户: the logins of this congress's people, and what needs the security administrator."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect

from .. import access, queries
from ..forms.members import AccountFilter
from ..models import Role, User
from .members import EACH_PAGE, member_url
from .site import site
from .staff import StaffAdmin


class AccountAdmin(StaffAdmin):
    roles_view = (Role.SECURITY_ADMIN,)

    def rows(self, member):
        return access.accounts_visible_to(member)

    def changelist_view(self, request, extra_context=None):
        """Logins with what is to be known of them."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        form = AccountFilter(request.GET or None)
        rows = queries.accounts_narrowed(access.accounts_visible_to(request.member), form.asked())
        page = Paginator(rows, EACH_PAGE).get_page(request.GET.get("page"))
        signs = queries.account_signs(page)
        held = queries.memberships_by_user(page)
        factor = queries.with_second_factor(page)
        context = {
            "title": "用户",
            "note": "每个人一个登录账号。点登录名办理重置密码、解除锁定、停用等。",
            "filter_form": form,
            "page": page,
            "lines": [(u, held.get(u.pk, []), signs[u.pk], u.pk in factor) for u in page],
            "is_filtered": bool(form.asked()),
        }
        return site.render(request, "congress/staff/accounts.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """An account is kept on the page of its member."""
        row = self.row_or_404(request, object_id)
        return redirect(member_url(queries.memberships_by_user([row])[row.pk][0].pk))

    def history_view(self, request, object_id, extra_context=None):
        raise Http404


site.register(User, AccountAdmin)
