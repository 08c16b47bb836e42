"""Units, terms, sittings and meetings: the frame of a congress's year."""

from ..models import Meeting, Role, Sitting, Term, Unit
from .site import site
from .staff import StaffAdmin

KEEPERS = (Role.DEPUTY_AFFAIRS, Role.SYSTEM_ADMIN)


class FrameAdmin(StaffAdmin):
    roles_add = roles_change = KEEPERS


class UnitAdmin(FrameAdmin):
    list_display = ["name", "short_name", "kind", "parent", "valid_to"]
    list_filter = ["kind"]
    search_fields = ["name", "short_name"]
    list_select_related = ["parent"]


class TermAdmin(FrameAdmin):
    list_display = ["name", "starts_on", "ends_on"]


class SittingAdmin(FrameAdmin):
    list_display = ["name", "term", "opens_on", "closes_on"]
    list_select_related = ["term"]


class MeetingAdmin(FrameAdmin):
    list_display = ["title", "kind", "held_on"]
    list_filter = ["kind"]


site.register(Unit, UnitAdmin)
site.register(Term, TermAdmin)
site.register(Sitting, SittingAdmin)
site.register(Meeting, MeetingAdmin)
