"""What must be true of suggestions at all times (see congress.invariants)."""

from congress.invariants import invariant
from congress.models import Congress

from .actions import AT_ONCE, limits_gap
from .models import Suggestion


@invariant("建议的时限与办理情况一致")
def limits_agree(congress: Congress) -> list[str]:
    """Every suggestion has exactly the open time limits it owes as it stands, each with its day;
    `manage.py keep_limits` puts right what does not agree."""
    faults = []
    ids = list(Suggestion.objects.order_by("pk").values_list("pk", flat=True))
    for at in range(0, len(ids), AT_ONCE):
        gap = limits_gap(ids[at : at + AT_ONCE])
        faults += [f"缺少时限“{due.what}”" for due in gap.missing]
        faults += [f"多出时限“{row.what}”（编号 {row.pk}）" for row in gap.over]
        faults += [f"时限“{due.what}”的内容或日期不符" for due in gap.changed]
    return faults
