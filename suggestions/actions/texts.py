"""What writing, reviewing and entering share: the text, who looks at it, who is told."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from congress.flow import NotAllowed
from congress.models import Membership, Role, Unit
from deputies.models import Deputy
from notices.actions import send

from .. import queries
from ..models import Revision, RuleSet, Suggestion, WishedUnit
from ..rules.texts import fingerprint, looks_secret, text_faults

State = Suggestion.State
TEXT = ("title", "situation", "requests")  # what a co-signer confirms
SECRET = (
    "内容带有密级标志。涉密内容不得在本系统填写，请立即删除，改用涉密渠道送交代工委；"
    "本系统只保留编号"
)


def text_hash(suggestion: Suggestion) -> str:
    """The fingerprint of the text as it stands now."""
    return fingerprint(suggestion.title, suggestion.situation, suggestion.requests)


def refuse_secret(values: dict[str, Any]) -> None:
    """Raises NotAllowed where a text carries a mark of secrecy."""
    texts = [values.get("title", ""), values.get("situation", ""), *values.get("requests", [])]
    if looks_secret(*texts):
        raise NotAllowed(SECRET)


# 代表法 art. 36: a deputy raises suggestions with the own congress; of others this one issues no
# number, assigns nothing and counts nothing.
def refuse_other_levels(people: Iterable[Deputy], on: dt.date) -> None:
    """Raises NotAllowed naming those who on that day are deputies elsewhere, not here."""
    people = list(people)
    if elsewhere := queries.seats_elsewhere(people, on):
        named = "、".join(f"{d.name}是{elsewhere[d.pk]}" for d in people if d.pk in elsewhere)
        raise NotAllowed(f"{named}，不是本级人大代表；其建议由所在的人大受理、编号和交办")


def need_whole(suggestion: Suggestion) -> None:
    """Raises NotAllowed naming what the text still lacks."""
    faults = text_faults(suggestion.title, suggestion.situation, suggestion.requests)
    if faults:
        raise NotAllowed("；".join(faults))


def rules_on(on: dt.date) -> RuleSet:
    """The rules in force on a day; raises NotAllowed where there are none."""
    rules = queries.rules_in_force(on)
    if rules is None:
        raise NotAllowed("还没有施行中的办理规则，请联系代工委")
    return rules


def keep_text(suggestion: Suggestion, by: Membership) -> Revision:
    """The text as it is handed in becomes a version; the same text is kept once."""
    digest = text_hash(suggestion)
    last = suggestion.revisions.order_by("-number").first()
    if last and last.sha256 == digest and suggestion.state != State.PRE_REVIEW:
        return last
    return Revision.objects.create(
        suggestion=suggestion, number=(last.number if last else 0) + 1, title=suggestion.title,
        situation=suggestion.situation, requests=suggestion.requests, sha256=digest, by=by,
    )  # fmt: skip


def ask_reviewers(suggestion: Suggestion, rules: RuleSet) -> None:
    """Who looks at it now is told: its street, the head of the delegation, the motions group;
    代工委 where nobody is named for the step."""
    step = queries.open_pre_review(suggestion, rules)
    link = f"/admin/suggestions/suggestion/{suggestion.pk}/change/"
    if step == "street" and suggestion.street_id:
        to = list(Membership.objects.filter(role=Role.STREET, unit=suggestion.street_id))
    elif step and (named := queries.named_reviewers(suggestion, step)):
        to, link = named, f"/me/suggestions/reviews/{suggestion.pk}/"
    else:
        to = queries.keepers()
    send("suggestions/submitted", to=to, suggestion=suggestion, link=link)


def authors_of(suggestion: Suggestion) -> list[Membership]:
    """Who is told of it: the signers with a login, otherwise who wrote it down."""
    found = [d.membership for d in queries.speakers(suggestion) if d.membership_id]
    return found or [suggestion.written_by]


def street_of(lead: Deputy | None, on: dt.date) -> Unit | None:
    """The street of the lead's seat on a day."""
    seat = lead.mandates.filter(starts_on__lte=on).order_by("-starts_on").first() if lead else None
    return seat.street if seat else None


def keep_wishes(suggestion: Suggestion, units: Iterable[Unit]) -> None:
    """The units the deputy would like to handle it, instead of those named before."""
    suggestion.wishes.all().delete()
    WishedUnit.objects.bulk_create(WishedUnit(suggestion=suggestion, unit=u) for u in units)
