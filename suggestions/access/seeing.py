"""Who may open a suggestion whole, who speaks for it, who is told whose it is."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from congress.access import units_of
from congress.flow import NotAllowed
from congress.models import Membership, Role

from ..models import Assignment, Signature, Suggestion, Supervision
from ..rules import GONE
from .roles import UNIT_ROLES, may_keep

State = Suggestion.State
# What has not left the deputies' hands: nobody else sees it.
PRIVATE = (State.DRAFT, State.COSIGNING)
# Its authors may still change the text.
WRITABLE = (*PRIVATE, State.SENT_BACK)
# Co-signers confirm or decline: also a text that was sent back and changed.
SIGNABLE = (State.COSIGNING, State.SENT_BACK)
NOT_YET_REGISTERED = (*PRIVATE, State.PRE_REVIEW, State.SENT_BACK, State.REVIEW)


def visible_to(member: Membership) -> QuerySet[Suggestion]:
    """The suggestions a member may open whole.

    A deputy: those led, signed or invited to sign, as head those of the delegation. 代工委: all
    that were submitted. The chairpersons: all registered. A committee: its categories, what it
    supervises or handles, and key items. A street: those of its deputies; what it handles itself
    it opens at the desk, as its task. Units: those with a task of theirs; the government office:
    all below its own tasks. The three officers and station staff: none.
    """
    rows = Suggestion.objects.select_related(
        "lead", "category__parent", "delegation", "received", "rule_set"
    )
    role = member.role
    if role == Role.DEPUTY:
        return rows.filter(_of_deputy(member))
    if role == Role.DEPUTY_AFFAIRS:
        return rows.exclude(state__in=PRIVATE)
    if role == Role.CHAIR:
        return rows.exclude(state__in=NOT_YET_REGISTERED)
    if role == Role.COMMITTEE:
        return rows.exclude(state__in=NOT_YET_REGISTERED).filter(_of_committee(member))
    if role == Role.STREET:
        return rows.filter(of_street(member))
    if role in UNIT_ROLES:
        ours = Assignment.objects.exclude(state__in=GONE).filter(of_unit(member))
        return rows.filter(Exists(ours.filter(suggestion=OuterRef("pk"))))
    return rows.none()


def _of_deputy(member: Membership) -> Q:
    signed = Signature.objects.filter(suggestion=OuterRef("pk"), deputy__membership=member).exclude(
        state=Signature.State.DECLINED
    )
    own = Q(lead__membership=member) | Q(delegation_head__membership=member)
    return own | Q(written_by=member) | Q(Exists(signed))


def _of_committee(member: Membership) -> Q:
    units = units_of(member)
    ours = Assignment.objects.filter(suggestion=OuterRef("pk"), unit__in=units)
    watched = Supervision.objects.filter(suggestion=OuterRef("pk"), committee__in=units)
    return (
        Q(category__committee__in=units)
        | Q(category__parent__committee__in=units)
        | Q(Exists(watched))
        | Q(is_key=True)
        | Q(Exists(ours))
    )


def of_unit(member: Membership) -> Q:
    """The tasks of the member's unit; for the government office those it assigned on too."""
    units = units_of(member)
    if member.role == Role.GOVERNMENT_OFFICE:
        return Q(unit__in=units) | Q(parent__unit__in=units)
    return Q(unit__in=units)


def of_street(member: Membership, path: str = "") -> Q:
    """What the street's own deputies raised, from rows whose suggestion lies at `path`."""
    submitted = ~Q(**{f"{path}state__in": PRIVATE})
    return submitted & Q(**{f"{path}street__in": units_of(member)})


def find(member: Membership, pk: int) -> Suggestion:
    """One suggestion this member may see, otherwise 404."""
    row = visible_to(member).filter(pk=pk).distinct().first()
    if row is None:
        raise Http404
    return row


def is_lead(member: Membership, suggestion: Suggestion) -> bool:
    """Whether the member decides on the suggestion: its lead, or, for a delegation's, who wrote it
    down; its head speaks for the delegation, which alone may withdraw or change what it raised."""
    if suggestion.lead_id:
        return suggestion.lead.membership_id == member.pk
    return suggestion.written_by_id == member.pk


def need_here(suggestion: Suggestion) -> None:
    """Refuse to take down anything about a state secret, of which a number alone is here. Raises
    NotAllowed."""
    if suggestion.is_secret_placeholder:
        raise NotAllowed("涉密件在系统以外办理，本系统只保留编号")


def need_own(suggestion: Suggestion) -> None:
    """Refuse what is done with the congress's own suggestions alone: one that a higher congress
    sent is handled here and answered to the sender. Raises NotAllowed."""
    if suggestion.is_received:
        raise NotAllowed("上级转来的建议只在本级办理，由来文机关答复代表、决定公开")


def may_see_names(member: Membership, suggestion: Suggestion) -> bool:
    """Whether the proposers' names are shown: units do not see those who asked to be hidden, nor
    does a street that handles what another street's deputies raised."""
    if not suggestion.hides_name:
        return True
    if member.role == Role.STREET:
        return suggestion.street_id in units_of(member)
    return member.role not in UNIT_ROLES


def may_commend(member: Membership, suggestion: Suggestion) -> bool:
    """Whether 代工委 enters that a suggestion was commended: registered, and standing."""
    gone = (State.NOT_ACCEPTED, State.WITHDRAWN, State.TERMINATED)
    stands = suggestion.registered_at is not None and suggestion.state not in gone
    own = not suggestion.is_secret_placeholder and not suggestion.is_received
    return may_keep(member) and stands and own


def may_unsign(member: Membership, suggestion: Suggestion, signature: Signature) -> bool:
    """Whether a co-signer's name may be taken back now: by the own login, or by 代工委 from paper,
    from the hand-in until the suggestion is closed."""
    early = (*PRIVATE, State.SENT_BACK)
    over = (State.CLOSED, State.ARCHIVED, State.NOT_ACCEPTED, State.WITHDRAWN, State.TERMINATED)
    if suggestion.state in (*early, *over) or signature.suggestion_id != suggestion.pk:
        return False
    if signature.state != Signature.State.CONFIRMED:
        return False
    own = member.role == Role.DEPUTY and signature.deputy.membership_id == member.pk
    return own or may_keep(member)


def may_name_head(member: Membership, suggestion: Suggestion) -> bool:
    """Whether 代工委 names who speaks for a delegation's suggestion, while it is under way."""
    over = (State.CLOSED, State.ARCHIVED, State.NOT_ACCEPTED, State.WITHDRAWN, State.TERMINATED)
    is_delegations = suggestion.delegation_id is not None and suggestion.lead_id is None
    is_delegations = is_delegations and not suggestion.is_secret_placeholder
    return may_keep(member) and is_delegations and suggestion.state not in (*PRIVATE, *over)
