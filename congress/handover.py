"""A secret that is shown once, on the page a form leads to: a first password, a token.

It waits encrypted in the session, so that a form sent twice still ends on the page that shows it.
"""

import json
import uuid
from dataclasses import asdict, dataclass

from django.http import HttpRequest

from . import crypto

PLACE = "congress.handover"


@dataclass(frozen=True)
class Secret:
    """What is handed over: `kind` and `who` in words, and the value itself."""

    kind: str
    who: str
    value: str
    login_name: str = ""


def keep(request: HttpRequest, secret: Secret) -> str:
    """Keep the secret for the next page of this session; gives the key it is fetched by."""
    key = uuid.uuid4().hex
    sealed = crypto.encrypt(json.dumps(asdict(secret), ensure_ascii=False), PLACE)
    request.session[PLACE] = {"key": key, "sealed": sealed}
    return key


def take(request: HttpRequest, key: str) -> Secret | None:
    """The secret kept under this key; None when it was shown already."""
    kept = request.session.get(PLACE)
    if not kept or kept["key"] != key:
        return None
    del request.session[PLACE]
    return Secret(**json.loads(crypto.decrypt(kept["sealed"], PLACE)))
