"""The year-end publication: chosen, checked, confirmed by two people, frozen; later editions."""

from .confirming import (
    confirm_publication,
    freeze_publication,
    propose_publication,
    return_publication,
)
from .correcting import correct_publication, enter_correction, remove_correction
from .documents import FILES, make_files, make_files_again
from .drafting import CHOICES, change_publication, draft_publication, drop_publication

__all__ = [
    "CHOICES",
    "FILES",
    "change_publication",
    "confirm_publication",
    "correct_publication",
    "draft_publication",
    "drop_publication",
    "enter_correction",
    "freeze_publication",
    "make_files",
    "make_files_again",
    "propose_publication",
    "remove_correction",
    "return_publication",
]
