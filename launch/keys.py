"""Passwords and keys: made once, kept in a file that only its owner reads."""

import base64
import json
import os
import secrets
from pathlib import Path

LOGINS = ("owner", "app", "platform")


def make() -> dict[str, str]:
    """A new set: Django's key, the key for encrypted fields, passwords of every login."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "FIELD_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "redis": secrets.token_urlsafe(24),
        "superuser": secrets.token_urlsafe(24),
        **{login: secrets.token_urlsafe(24) for login in LOGINS},
    }


def kept_in(path: Path) -> dict[str, str]:
    """The set kept in a file; made and stored at the first call."""
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        pass
    made = make()
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(made, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    return made
