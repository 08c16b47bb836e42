"""What happens to time limits: set, met, extended, counted anew, reminded of."""

from .counting import recompute
from .keeping import Due, Gap, compare, keep
from .plans import replan, save_plan, set_posts
from .reminding import remind
from .setting import cancel, extend, meet, set_deadline

__all__ = [
    "Due",
    "Gap",
    "cancel",
    "compare",
    "extend",
    "keep",
    "meet",
    "recompute",
    "remind",
    "replan",
    "save_plan",
    "set_deadline",
    "set_posts",
]
