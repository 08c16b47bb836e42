"""What happens in duty performance, one function per verb."""

from .books import draft_version, make_book, publish_version, remove_rule, save_bands, save_rule
from .objections import drop_objection, raise_objection, reject, uphold
from .periods import award, lock_period, open_period, withdraw_award
from .records import record_duties, record_duty, withdraw_duties
from .self_reports import (
    drop,
    enter_on_behalf,
    report_duty,
    return_report,
    review,
    send_again,
    verify,
)
from .tallies import start_tally, tally

__all__ = [
    "award",
    "draft_version",
    "drop",
    "drop_objection",
    "enter_on_behalf",
    "lock_period",
    "make_book",
    "open_period",
    "publish_version",
    "raise_objection",
    "record_duties",
    "record_duty",
    "reject",
    "remove_rule",
    "report_duty",
    "return_report",
    "review",
    "save_bands",
    "save_rule",
    "send_again",
    "start_tally",
    "tally",
    "uphold",
    "verify",
    "withdraw_award",
    "withdraw_duties",
]
