"""How strings become values of duty performance, and back."""
