"""What happens in duty performance, one function per verb."""

from .books import (
    discard_version,
    draft_version,
    make_book,
    publish_version,
    remove_rule,
    save_bands,
    save_rule,
    save_version,
    shift_rule,
)
from .items import save_item, ship_items
from .objections import drop_objection, raise_objection, reject, uphold
from .periods import award, lock_period, open_period, withdraw_award
from .records import record_duties, record_duty, withdraw, withdraw_duties
from .self_reports import (
    draft_report,
    drop,
    enter_many,
    enter_on_behalf,
    report_duty,
    return_report,
    review,
    review_all,
    send_again,
    verify,
    verify_all,
)
from .tallies import start_tally, tally

__all__ = [
    "award",
    "discard_version",
    "draft_report",
    "draft_version",
    "drop",
    "drop_objection",
    "enter_many",
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
    "review_all",
    "save_bands",
    "save_item",
    "save_rule",
    "save_version",
    "send_again",
    "start_tally",
    "tally",
    "shift_rule",
    "ship_items",
    "uphold",
    "verify",
    "verify_all",
    "withdraw",
    "withdraw_award",
    "withdraw_duties",
]
