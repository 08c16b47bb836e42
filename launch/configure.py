"""bin/configure: write .env for production, from .env.example, with secrets of its own.

bin/configure renda.example.cn    every congress answers at a name below this domain

An .env that is there already is never touched. Keep a copy of it apart from the backups: without
FIELD_KEYS nobody reads the identity and telephone numbers again.
"""

import os
import re

from . import ROOT, keys, settings
from .words import Refusal, command, say

DOMAIN = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not DOMAIN.fullmatch(arguments[0]):
        raise Refusal(
            "请给出平台的域名，例如：bin/configure renda.example.cn",
            "Give the platform's domain, as in: bin/configure renda.example.cn",
        )
    path = ROOT / ".env"
    text = filled(settings.EXAMPLE.read_text(), arguments[0], keys.make())
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refusal(
            ".env 已经存在，没有改动；要重新生成请先把它移到别处。",
            ".env is there already and was not changed; move it away to have a new one.",
        ) from None
    with open(descriptor, "w") as file:
        file.write(text)
    say(".env 已生成，只有所有者可读；请另存一份，不要与备份放在一起。")
    return 0


def filled(example: str, domain: str, made: dict[str, str]) -> str:
    """The example with this domain and these secrets, for https behind our own proxy."""
    values = {
        "SECRET_KEY": made["SECRET_KEY"],
        "FIELD_KEYS": made["FIELD_KEYS"],
        "OWNER_PASSWORD": made["owner"],
        "APP_PASSWORD": made["app"],
        "PLATFORM_PASSWORD": made["platform"],
        "POSTGRES_PASSWORD": made["superuser"],
        "REDIS_PASSWORD": made["redis"],
        "ALLOWED_HOSTS": f"{domain},.{domain}",
        "BASE_DOMAIN": domain,
        "HTTPS": "1",
        "TRUST_PROXY": "1",
    }
    for name, value in values.items():
        example, found = re.subn(rf"^{name}=.*$", f"{name}={value}", example, flags=re.M)
        assert found == 1, name
    return example


if __name__ == "__main__":
    command(main)
