"""Upward signals of the kernel (docs/ARCHITECTURE.md lists who receives them)."""

from django.dispatch import Signal

# A congress was made and stands open: apps ship their templates. Sent with `congress`.
congress_created = Signal()
# The working-day calendar of a congress changed (sender: the congress; `by`): time limits that
# are still open are counted anew.
calendar_changed = Signal()
