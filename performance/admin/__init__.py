"""Duty performance at the committee staff's desk; each page registers itself when imported."""
