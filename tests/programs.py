"""Programs at the door: a client that carries a member's token."""

import json

from django.test import Client

from congress.actions import make_token
from congress.models import Congress, Membership
from congress.tenancy import in_congress


class Program:
    """Speaks to /api/v1/ as a member; answers carry `.status_code` and `.json()`."""

    def __init__(self, member: Membership, at: Congress | None = None):
        with in_congress(member.congress):
            _, secret = make_token(member, by=None, label="测试")
        host = f"{(at or member.congress).key}.localhost"
        self.client = Client(headers={"host": host, "authorization": f"Bearer {secret}"})

    def get(self, path: str, query: dict | None = None):
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path: str, data=None):
        return self._send("POST", path, data)

    def patch(self, path: str, data=None):
        return self._send("PATCH", path, data)

    def _send(self, method: str, path: str, data):
        content = json.dumps({} if data is None else data)
        return self.client.generic(method, f"/api/v1/{path}", content, "application/json")
