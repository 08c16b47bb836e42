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
]
