"""Lists of suggestions as sheets and booklets."""

from .handing_over import assignment_sheets, unit_sheet
from .judgements import judgement_list
from .lookbacks import lookback_sheets
from .promises import promise_list
from .published import OPEN_DATA, open_data, publishing_list
from .rulings import extension_sheets, return_sheets
from .supervision import supervision_list, wall_list, wall_units
from .tasks import task_list

__all__ = [
    "OPEN_DATA",
    "assignment_sheets",
    "extension_sheets",
    "judgement_list",
    "lookback_sheets",
    "open_data",
    "promise_list",
    "publishing_list",
    "return_sheets",
    "supervision_list",
    "task_list",
    "unit_sheet",
    "wall_list",
    "wall_units",
]
