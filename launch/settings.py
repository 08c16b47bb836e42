"""The environment the product runs in: what was given, and ours for what was not."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from . import ROOT
from .words import Refusal

DATABASES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_PLATFORM_URL")
EXAMPLE = ROOT / ".env.example"


def names() -> set[str]:
    """Every variable the product reads, as .env.example explains them."""
    return set(re.findall(r"^#?\s?([A-Z_]+)=", EXAMPLE.read_text(), re.M))


def without_ours(environ: Mapping[str, str]) -> dict[str, str]:
    """An environment free of the product's settings: tests must not meet somebody's database."""
    ours = names()
    return {k: v for k, v in environ.items() if k not in ours}


def database_is_given(environ: Mapping[str, str]) -> bool:
    """Whether a database was named; all three addresses or none."""
    missing = [name for name in DATABASES if not environ.get(name)]
    if missing and len(missing) < len(DATABASES):
        raise Refusal(
            f"数据库地址要么三个都给，要么都不给；缺少 {'、'.join(missing)}。",
            f"Give all three database addresses or none; missing: {', '.join(missing)}.",
        )
    return not missing


def for_product(folder: Path, keys: dict[str, str], port: int | None = None) -> dict[str, str]:
    """What the product needs besides database and queue; files lie in the folder."""
    ours = {
        "DJANGO_SETTINGS_MODULE": "congress.settings",
        "SECRET_KEY": keys["SECRET_KEY"],
        "FIELD_KEYS": keys["FIELD_KEYS"],
        "STATIC_ROOT": str(folder / "static"),
        "MEDIA_ROOT": str(folder / "files"),
        "BEAT_SCHEDULE": str(folder / "beat-schedule"),
        "PYTHONUNBUFFERED": "1",
        "TZ": "Asia/Shanghai",
    }
    if port:
        ours["BIND"] = f"127.0.0.1:{port}"
        ours["STAFF_TOTP"] = "optional"  # the demo accounts have no telephone to show a code
    return ours


def path_of(environ: Mapping[str, str], programs: Path) -> str:
    """PATH with the environment's programs first."""
    return f"{programs}{os.pathsep}{environ.get('PATH', os.defpath)}"
