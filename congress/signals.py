"""Upward signals of the kernel (docs/ARCHITECTURE.md lists who receives them)."""

from django.dispatch import Signal

# A congress was made and stands open: apps ship their templates. Sent with `congress`.
congress_created = Signal()
