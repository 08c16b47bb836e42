"""Evidence: a file kept with a report or an objection, readable by whoever may see that."""

from typing import Any

from congress import files
from congress.models import Membership, StoredFile
from congress.uploads import Upload

from ..access import EVIDENCE


def kept(values: dict[str, Any], by: Membership) -> dict[str, Any]:
    """The values of a row with an Upload among them as the stored file; no upload leaves the
    row's evidence as it is."""
    found = dict(values)
    upload = found.get("evidence")
    if isinstance(upload, Upload):
        found["evidence"] = store_evidence(upload, by)
    elif upload is None:
        found.pop("evidence", None)
    return found


def store_evidence(upload: Upload, by: Membership) -> StoredFile:
    """Keep an accepted upload."""
    return files.store(**upload._asdict(), purpose=EVIDENCE, by=by)
