"""How long a matter may wait before its light changes."""

import datetime as dt
from dataclasses import dataclass

REMIND_AFTER = 7  # days a matter may wait until it is reminded of
LATE_AFTER = 15  # days after which it is late
CLOSE_WITHIN = 7  # days after an activity within which it is to be closed
PUBLISH_BEFORE = 3  # days before an activity by which its notice is to be out
SOON = 3  # days before a date from which it is soon


@dataclass(frozen=True)
class Light:
    """A light in words, with the tone of its badge (colour and shape)."""

    tone: str
    words: str

    @property
    def rank(self) -> int:
        """The most urgent first."""
        return ("late", "warn", "active", "waiting").index(self.tone)


def light_by_due(due: dt.date, today: dt.date) -> Light:
    """Red once the date is over, yellow from three days before, green until then."""
    left = (due - today).days
    if left < 0:
        return Light("late", f"已逾期 {-left} 天")
    if left == 0:
        return Light("warn", "今天到期")
    return Light("warn" if left <= SOON else "active", f"还有 {left} 天")


def light_by_wait(since: dt.date, today: dt.date) -> Light:
    """For what has no date of its own: yellow after a week, red after fifteen days."""
    waited = (today - since).days
    if waited > LATE_AFTER:
        return Light("late", f"已等待 {waited} 天")
    if waited > REMIND_AFTER:
        return Light("warn", f"已等待 {waited} 天")
    return Light("active", f"已等待 {waited} 天" if waited > 0 else "今天提交")
