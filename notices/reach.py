"""Where members are reached. Apps above know phones: they open their book to us, and this app
knows none of them.
"""

from collections.abc import Callable, Iterable

from congress.crypto import mask_phone

from .models import Preference, Way

PhoneBook = Callable[[Iterable[int]], dict[int, str]]
_BOOKS: list[PhoneBook] = []


def phone_book(book: PhoneBook) -> PhoneBook:
    """Register a function `book(ids of Membership) -> {id: phone}` of the open congress."""
    if book not in _BOOKS:
        _BOOKS.append(book)
    return book


def in_books(members: Iterable[int]) -> dict[int, str]:
    """The phones the registries know, by membership."""
    ids, found = list(members), {}
    for book in _BOOKS:
        found |= {pk: phone for pk, phone in book(ids).items() if phone}
    return found


def preferences(members: Iterable[int]) -> dict[int, Preference]:
    """What members chose; those who chose nothing are left out."""
    return {p.member_id: p for p in Preference.objects.filter(member__in=list(members))}


def phones(members: Iterable[int]) -> dict[int, str]:
    """Phones by membership: the registry's, otherwise the person's own entry."""
    ids = list(members)
    own = {pk: p.phone for pk, p in preferences(ids).items() if p.phone}
    return own | in_books(ids)


def addresses(members: Iterable[int], way: str) -> dict[int, str]:
    """Where members want to be reached by a way; who does not want it or cannot be is left out.
    Mail goes to verified addresses alone."""
    ids = list(members)
    chosen = preferences(ids)
    if way == Way.MAIL:
        return {
            pk: p.mail for pk, p in chosen.items() if p.wants_mail and p.mail and p.mail_verified_at
        }
    own = {pk: p.phone for pk, p in chosen.items() if p.phone}
    found = own | in_books(ids)
    return {pk: n for pk, n in found.items() if pk not in chosen or chosen[pk].wants_sms}


def masked(address: str) -> str:
    """138****5678 or z***@example.cn."""
    name, at, host = address.partition("@")
    return f"{name[:1]}***@{host}" if at else mask_phone(address)


__all__ = ["addresses", "masked", "phone_book", "phones", "preferences"]
