"""How strings become values, one module per kind of page."""
