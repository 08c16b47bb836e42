"""活动类型: what each kind feeds and how it counts."""

from unfold.admin import TabularInline

from congress.admin import StaffAdmin, site
from congress.models import Role

from ..models import ActivityKind, KindItem

KEEPERS = (Role.DEPUTY_AFFAIRS,)


class KindItemInline(TabularInline):
    model = KindItem
    extra = 0
    fields = ["item"]
    verbose_name_plural = "办结时记入的履职事项（可以不止一项）"

    def has_add_permission(self, request, obj=None):
        return request.member.role in KEEPERS

    has_change_permission = has_delete_permission = has_add_permission

    def has_view_permission(self, request, obj=None):
        return True


class ActivityKindAdmin(StaffAdmin):
    roles_view = (Role.DEPUTY_AFFAIRS, Role.COMMITTEE, Role.STREET, Role.CHAIR)
    roles_add = roles_change = KEEPERS
    list_display = ["name", "feeds_words", "quantity_rule", "absence_counts", "by_sign_up"]
    list_display_links = ["name"]
    search_fields = ["name"]
    fields = [
        "name",
        "code",
        "quantity_rule",
        "absence_counts",
        "by_sign_up",
        "late_after",
        "position",
        "is_active",
    ]
    inlines = [KindItemInline]

    def rows(self, member):
        return ActivityKind.objects.prefetch_related("feeds__item")

    def feeds_words(self, kind: ActivityKind) -> str:
        return "、".join(f.item.name for f in kind.feeds.all()) or "不记入履职"

    feeds_words.short_description = "记入的履职事项"


site.register(ActivityKind, ActivityKindAdmin)
