"""Lists of suggestions as sheets and booklets."""

from .published import OPEN_DATA, open_data, publishing_list
from .tasks import task_list

__all__ = ["OPEN_DATA", "open_data", "publishing_list", "task_list"]
