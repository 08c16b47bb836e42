"""建议: the list of what a member of the staff sees, and the page of one."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from congress import audit
from congress.admin import StaffAdmin, site
from congress.models import Role
from congress.pdf import shown
from congress.xlsx import attachment

from .. import access, actions
from ..exports.lists import suggestion_list
from ..forms.lists import SuggestionFilter
from ..models import Suggestion
from ..queries import lists
from . import story
from .frame import READERS, link, tone_of
from .worklists import with_query

EACH_PAGE = 30
# The group a role works on first.
FIRST = {Role.DEPUTY_AFFAIRS: "review", Role.STREET: "pre_review"}
# What may be done with many at once in a group: the page and the words of its button.
BULK = {
    "pre_review": ("suggestions_pass_on_several", "所选初审通过"),
    "review": ("suggestions_register_several", "所选登记编号"),
}
EMPTY = {
    "pre_review": ("没有待初审的建议", "代表提交的建议先由街道工委或者代表团初审，会出现在这里。"),
    "review": ("没有待复审的建议", "初审通过的建议会出现在这里，由代工委审查、登记编号。"),
    "sent_back": ("没有退回修改的建议", "退回后代表正在修改的建议会出现在这里。"),
    "to_assign": ("没有待交办的建议", "登记编号以后、交办以前的建议会出现在这里。"),
    "handling": ("没有办理中的建议", "交办以后、答复以前的建议会出现在这里。"),
    "answered": ("没有待代表评价的建议", "承办单位全部答复、代表还没有评价的建议会出现在这里。"),
    "dissatisfied": ("没有待研判的建议", "代表评价为不满意的建议会出现在这里。"),
    "closed": ("没有办结的建议", "代表满意或者说明后办结的建议会出现在这里。"),
    "secret": ("没有涉密件", "涉密的建议只登记编号，在系统以外办理，会列在这里。"),
    "gone": ("没有未受理或终止的建议", "不作为建议处理、撤回和终止的建议会出现在这里。"),
    "": ("还没有建议", "代表在手机上提交的建议会出现在这里。"),
}


class SuggestionAdmin(StaffAdmin):
    roles_view = READERS

    def rows(self, member):
        return lists.listed(member)

    def changelist_view(self, request, extra_context=None):
        """Suggestions by what waits; narrowed, exported as they stand here."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        member, today = request.member, timezone.localdate()
        groups = lists.groups_for(member)
        show = asked_group(request, groups)
        form = SuggestionFilter(
            request.GET or None, member=member, more="more" in request.GET, initial={"show": show}
        )
        rows = lists.narrowed(lists.listed(member), form.asked(), member, today)
        counts = lists.counts_by_group(rows)
        if show:
            rows = rows.filter(lists.in_group(show))
        if request.GET.get("export"):
            audit.record(member, "suggestions.export_list", note=groups.get(show, "全部"))
            rows = lists.in_order(lists.for_sheet(rows), show)
            return attachment("代表建议.xlsx", suggestion_list(rows))
        pages = Paginator(lists.in_order(lists.for_table(rows), show), EACH_PAGE)
        pages.count = counts[show]  # known already
        page = pages.get_page(request.GET.get("page"))
        lines = [(row, tone_of(row), lists.units_of(row), lists.due_of(row, today)) for row in page]
        empty, how = EMPTY[show]
        bulk = BULK.get(show, ("", ""))
        bulk_url = link(member, bulk[0]) if bulk[0] else ""
        context = {
            "title": "建议",
            "filter_form": form,
            "more_url": with_query(request, show=show or "all", more="1"),
            "tabs": [
                {
                    "label": words,
                    "count": counts[key],
                    "url": with_query(request, show=key or "all"),
                    "here": key == show,
                }
                for key, words in {**groups, "": "全部"}.items()
                if key != "secret" or counts[key] or show == key
            ],
            "page": page,
            "lines": lines,
            "bulk_url": bulk_url,
            "bulk": bulk[1],
            "needs_word": show == "review",
            "ticked": bool(request.GET.get("ticked")),
            "tick_url": with_query(request, ticked="1", show=show)
            + (f"&page={page.number}" if page.number > 1 else ""),
            "is_filtered": any(
                v for k, v in form.asked().items() if k != "show" and v not in (None, "")
            ),
            "empty": empty,
            "how": how,
            "actions": self.links(request, page.object_list),
        }
        return site.render(request, "suggestions/admin/suggestions.html", context)

    def links(self, request: HttpRequest, rows) -> list[dict]:
        """What may be begun from the list."""
        found = []
        if url := link(request.member, "suggestions_enter"):
            found.append({"label": "代录建议", "url": url, "primary": True})
        if url := link(request.member, "suggestions_receive"):
            found.append({"label": "登记上级转来件", "url": url})
        if url := link(request.member, "suggestions_secret"):
            found.append({"label": "登记涉密件", "url": url})
        if rows:
            found.append({"label": "导出", "url": with_query(request, export="1")})
        return found

    def change_view(self, request, object_id, form_url="", extra_context=None) -> HttpResponse:
        """One suggestion with its whole story."""
        if not self.has_view_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)
        if not str(object_id).isdecimal():
            raise Http404
        row = access.find(request.member, int(object_id))
        context = story.page(request, row)
        return site.render(request, "suggestions/admin/suggestion.html", context)


def asked_group(request: HttpRequest, groups: dict[str, str]) -> str:
    """The group of the tab; without one, what waits for this member."""
    asked = request.GET.get("show", "")
    if asked in groups:
        return asked
    if asked == "all" or set(request.GET) - {"page"}:
        return ""
    return FIRST.get(request.member.role, "")


site.register(Suggestion, SuggestionAdmin)


@site.page("suggestions/letters/<int:pk>/", "suggestions_letter", READERS)
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """答复函 as PDF, shown in the page."""
    reply = get_object_or_404(access.replies_visible_to(request.member), pk=pk)
    name = actions.letter_name(reply).removesuffix(".pdf")
    return shown(name, actions.letter_of(reply, by=request.member))
