"""Which pictures the manual has: who looks at which page."""

from dataclasses import dataclass

DESK = (1366, 900)
PHONE = (390, 844)


@dataclass(frozen=True)
class Scene:
    """One picture; `steps` are clicked after the page opened, `long` cuts at so many screens."""

    name: str
    who: str  # the demo login without the congress's key; "" for the public
    path: str
    steps: tuple[str, ...] = ()
    size: tuple[int, int] = DESK
    congress: str = "gulou"
    long: int = 1


def desk(name: str, who: str, path: str, *steps: str, long: int = 1) -> Scene:
    return Scene(name, who, path, steps, DESK, long=long)


def phone(name: str, who: str, path: str, *steps: str, long: int = 2) -> Scene:
    return Scene(name, who, path, steps, PHONE, long=long)


ROW = "#content tbody a"

SCENES = [
    desk("home", "", "/"),
    desk("sign-in", "", "/accounts/login/"),
    desk("today", "clerk", "/admin/"),
    desk("deputies", "clerk", "/admin/deputies/deputy/"),
    desk("deputy", "clerk", "/admin/deputies/deputy/", ROW, long=2),
    desk("roster-import", "clerk", "/admin/deputies/rosters/"),
    desk("activities", "clerk", "/admin/activities/activity/"),
    desk("activity", "clerk", "/admin/activities/activity/", ROW, long=2),
    desk("records", "clerk", "/admin/performance/dutyrecord/"),
    desk("reports", "clerk", "/admin/performance/selfreport/"),
    desk("rule-books", "clerk", "/admin/performance/rulebook/"),
    desk("rule-book", "clerk", "/admin/performance/rulebook/", ROW, long=2),
    desk("periods", "clerk", "/admin/performance/period/"),
    desk("period", "clerk", "/admin/performance/period/", ROW, long=2),
    desk("publications", "clerk", "/admin/performance/publication/"),
    phone("phone-home", "d001", "/me/"),
    phone("phone-suggestion", "d001", "/me/suggestions/new/"),
    desk("suggestions", "clerk", "/admin/suggestions/suggestion/"),
    desk("suggestion", "clerk", "/admin/suggestions/suggestion/", ROW, long=2),
    desk("batches", "clerk", "/admin/suggestions/batches/"),
    desk("wall", "clerk", "/admin/suggestions/wall/"),
    desk("promises", "clerk", "/admin/suggestions/promises/?place=running"),
    desk("figures", "clerk", "/admin/suggestions/figures/", long=2),
    desk("rules-of-handling", "clerk", "/admin/suggestions/rules/"),
    desk("desk", "unit", "/desk/items/"),
    desk("task", "unit", "/desk/items/", "main tbody a", long=2),
    desk("published", "", "/suggestions/"),
    desk("calls", "clerk", "/admin/notices/calls/"),
    desk("outbox", "clerk", "/admin/notices/outbox/"),
    desk("members", "security", "/admin/congress/membership/"),
    desk("units", "system", "/admin/congress/unit/"),
    desk("log", "audit", "/admin/congress/logentry/"),
]
