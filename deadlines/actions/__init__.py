"""What happens to time limits: set, met, extended, counted anew, reminded of."""

from .counting import move, recompute
from .plans import replan, save_plan, set_posts
from .reminding import remind
from .setting import cancel, extend, meet, set_deadline

__all__ = [
    "cancel",
    "extend",
    "meet",
    "move",
    "recompute",
    "remind",
    "replan",
    "save_plan",
    "set_deadline",
    "set_posts",
]
