"""What every step of a publication begins with."""

from congress.flow import NotAllowed
from congress.models import Membership

from ... import access
from ...models import Publication
from ...queries.publications import LINKS
from ...rules import PUBLICATION_FLOW

Column, State, Step = Publication.Column, Publication.State, Publication.Step


def may_keep(by: Membership) -> None:
    if not access.may_keep(by):
        raise NotAllowed("只有代工委可以拟订和确认履职公布")


def locked(publication: Publication) -> Publication:
    return (
        Publication.objects.select_for_update(of=("self",))
        .select_related(*LINKS)
        .get(pk=publication.pk)
    )


def take(publication: Publication, step: Publication.Step, by: Membership) -> Publication:
    """Lock, the right moment, the right person."""
    publication = locked(publication)
    state = PUBLICATION_FLOW.after(publication.state, step)
    may_keep(by)
    if step not in access.publication_steps(by, publication):
        raise NotAllowed("两次确认不能由同一人办理，请另一位同志确认")
    publication.state = state
    return publication
