"""What happens to messages: written and read, carried outside, told by telephone."""

from .calls import record_call, reveal_phone
from .channels import save_channel, test_channel
from .delivering import deliver, drop, retry, route
from .preferences import choose_ways, confirm_mail, verify_mail
from .writing import Letter, mark_read, send, send_each

__all__ = [
    "Letter",
    "choose_ways",
    "confirm_mail",
    "deliver",
    "drop",
    "mark_read",
    "record_call",
    "retry",
    "reveal_phone",
    "route",
    "save_channel",
    "send",
    "send_each",
    "test_channel",
    "verify_mail",
]
