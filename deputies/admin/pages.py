"""What the registry's staff pages share."""

from congress.admin import form_page
from congress.models import Role

from .. import access

__all__ = ["READERS", "form_page"]

READERS = (*access.READERS, Role.STREET)
