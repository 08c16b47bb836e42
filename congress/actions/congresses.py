"""Making a congress, switching it off and on, its names, addresses and settings."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from .. import access, audit
from ..flow import NotAllowed
from ..models import Congress, CongressHost, Membership, Term, Unit
from ..signals import congress_created
from ..tenancy import current_congress, in_congress
from ..words import cn_number

Base = tuple[str, str, Unit.Kind]

COUNTY_UNITS: tuple[Base, ...] = (
    ("人民代表大会常务委员会办公室", "办公室", Unit.Kind.ORGAN),
    ("人民代表大会常务委员会代表工作委员会", "代工委", Unit.Kind.DEPUTY_AFFAIRS),
    ("人民政府办公室", "政府办", Unit.Kind.GOVERNMENT_OFFICE),
)
TOWNSHIP_UNITS: tuple[Base, ...] = (
    ("人民代表大会主席团", "主席团", Unit.Kind.TOWN_PRESIDIUM),
    ("人大办公室", "人大办", Unit.Kind.DEPUTY_AFFAIRS),
    ("人民政府办公室", "政府办", Unit.Kind.GOVERNMENT_OFFICE),
)
KEY = re.compile(r"[a-z][a-z0-9-]{0,38}[a-z0-9]")
RESERVED_KEYS = {"www", "admin", "api", "static", "localhost", "mail"}
HOST = re.compile(r"(?=.{1,120}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


@transaction.atomic
def create_congress(
    *,
    key: str,
    level: str,
    name: str,
    standing_committee_name: str,
    short_name: str,
    term_number: int,
    term_starts_on: dt.date,
    parent: Congress | None = None,
    hosts: Iterable[str] = (),
    term_ends_on: dt.date | None = None,
    with_units: bool = True,
    by: Membership | None = None,
) -> Congress:
    """A working congress: its row, addresses, present term, base units, log; then the apps ship
    their templates (signal `congress_created`, sent while the congress stands open).

    Takes the key (its address is <key>.<BASE_DOMAIN>), level, official names, the present term's
    number and first day. `with_units=False` leaves the units to the caller. Raises NotAllowed
    where a key or address is taken or a township is put above a county.
    """
    key = key.strip().lower()
    if not KEY.fullmatch(key) or key in RESERVED_KEYS:
        raise NotAllowed("标识用小写字母开头，由小写字母、数字和短横线组成，2 至 40 个字符")
    if Congress.objects.filter(key=key).exists():
        raise NotAllowed(f"标识“{key}”已被使用")
    if parent and (level, parent.level) != (Congress.Level.TOWNSHIP, Congress.Level.COUNTY):
        raise NotAllowed("只有乡级人大可以隶属于一个县级人大")
    congress = Congress.objects.create(
        key=key,
        level=Congress.Level(level),
        parent=parent,
        name=name.strip(),
        standing_committee_name=standing_committee_name.strip(),
        short_name=short_name.strip(),
    )
    with in_congress(congress):
        _set_hosts(congress, hosts)
        Term.objects.create(
            number=term_number,
            name=f"第{cn_number(term_number)}届",
            starts_on=term_starts_on,
            ends_on=term_ends_on,
        )
        if with_units:
            _base_units(congress)
        audit.record(by, "congress.create", congress, after={"标识": key, "层级": congress.level})
        congress_created.send(sender=Congress, congress=congress)
    return congress


def _base_units(congress: Congress) -> None:
    county = congress.level == Congress.Level.COUNTY
    place = congress.name.removesuffix("人民代表大会")
    for position, (name, short, kind) in enumerate(COUNTY_UNITS if county else TOWNSHIP_UNITS):
        Unit.objects.create(
            kind=kind, name=place + name, short_name=short, position=(position + 1) * 10
        )


@transaction.atomic
def switch_off(congress: Congress, *, by: Membership | None = None) -> Congress:
    """停用: its addresses answer no more and its jobs wait; nothing is lost."""
    return _switch(congress, False, by)


@transaction.atomic
def switch_on(congress: Congress, *, by: Membership | None = None) -> Congress:
    """重新启用."""
    return _switch(congress, True, by)


def _switch(congress: Congress, on: bool, by: Membership | None) -> Congress:
    congress = Congress.objects.select_for_update().get(pk=congress.pk)
    if congress.is_active is on:
        raise NotAllowed(f"{congress}已经{'启用' if on else '停用'}")
    congress.is_active = on
    congress.save(update_fields=["is_active"])
    with in_congress(congress):
        audit.record(by, "congress.switch_on" if on else "congress.switch_off", congress)
    return congress


@transaction.atomic
def change_names(
    *, by: Membership, name: str, standing_committee_name: str, short_name: str
) -> Congress:
    """The official names of the open congress."""
    access.require_keeper(by)
    congress = Congress.objects.select_for_update().get(pk=current_congress().pk)
    new = {
        "name": name.strip(),
        "standing_committee_name": standing_committee_name.strip(),
        "short_name": short_name.strip(),
    }
    before = {field: getattr(congress, field) for field in new}
    changed = [field for field in new if before[field] != new[field]]
    if changed:
        for field in changed:
            setattr(congress, field, new[field])
        congress.save(update_fields=changed)
        words = {f: Congress._meta.get_field(f).verbose_name for f in changed}
        audit.record(
            by,
            "congress.change_names",
            congress,
            before={words[f]: before[f] for f in changed},
            after={words[f]: new[f] for f in changed},
        )
    return congress


@transaction.atomic
def set_hosts(hosts: Iterable[str], *, by: Membership | None) -> list[str]:
    """The addresses of the open congress besides <key>.<BASE_DOMAIN>; gives them in order."""
    access.require_keeper(by)
    congress = current_congress()
    before = sorted(congress.hosts.values_list("host", flat=True))
    after = _set_hosts(congress, hosts)
    if before != after:
        audit.record(
            by, "congress.set_hosts", congress, before={"网址": before}, after={"网址": after}
        )
    return after


def _set_hosts(congress: Congress, hosts: Iterable[str]) -> list[str]:
    wanted = sorted({clean_host(h) for h in hosts if h.strip()})
    congress.hosts.exclude(host__in=wanted).delete()
    for host in wanted:
        try:
            with transaction.atomic():
                CongressHost.objects.get_or_create(congress=congress, host=host)
        except IntegrityError:
            raise NotAllowed(f"网址“{host}”已属于另一个人大") from None
    return wanted


def clean_host(text: str) -> str:
    """A host name in lower letters; raises NotAllowed for addresses with path, port, IP, or
    names under the platform's own domain."""
    host = text.strip().lower().rstrip(".")
    base = settings.BASE_DOMAIN
    if not HOST.fullmatch(host) or re.fullmatch(r"[\d.]+", host):
        raise NotAllowed(f"“{text.strip()[:60]}”不是主机名，请填写如 rd.example.gov.cn 的网址")
    if host == base or (host.endswith(f".{base}") and base != "localhost"):
        raise NotAllowed(f"“{host}”是平台自己的网址，不能另行指定")
    return host


@transaction.atomic
def change_settings(values: Mapping[str, Any], *, by: Membership) -> Congress:
    """Some keys of Congress.settings (see forms.SettingsForm for what there is); None removes a
    key."""
    access.require_keeper(by)
    congress = Congress.objects.select_for_update().get(pk=current_congress().pk)
    before = dict(congress.settings)
    after = {k: v for k, v in {**before, **values}.items() if v is not None}
    changed = sorted(k for k in {*before, *after} if before.get(k) != after.get(k))
    if changed:
        congress.settings = after
        congress.save(update_fields=["settings"])
        audit.record(
            by,
            "congress.change_settings",
            congress,
            before={SETTING_WORDS.get(k, k): before.get(k) for k in changed},
            after={SETTING_WORDS.get(k, k): after.get(k) for k in changed},
        )
    return congress


SETTING_WORDS = {
    "emblem": "国徽图案",
    "ranking": "公布名次",
    "feedback_contact": "投诉建议联系方式",
    "help_contact": "账号问题联系",
    "filing_number": "备案号",
    "sign_in_hint": "登录页提示",
    "intro": "首页说明",
}
