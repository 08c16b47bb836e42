"""What the lists for programs have in common."""

from django.db.models import QuerySet
from rest_framework import generics

from congress.models import Role

from .. import access

READERS = frozenset({*access.READERS, Role.STREET, Role.DEPUTY})


class List(generics.ListAPIView):
    """A list of what this member may see."""

    roles = READERS

    def visible(self, member) -> QuerySet:
        raise NotImplementedError

    def get_queryset(self):
        member = getattr(self.request._request, "member", None)
        if member is None:
            return self.serializer_class.Meta.model.objects.none()
        return self.visible(member)
