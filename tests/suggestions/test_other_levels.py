"""Deputies of other congresses: what they raise is theirs to raise elsewhere."""

import datetime as dt

import pytest
from django.urls import reverse

from congress.flow import NotAllowed
from congress.models import Membership, Role, Unit
from congress.names import pinyin_key
from congress.tenancy import in_congress
from deputies import actions as registry
from deputies.models import Deputy, Mandate
from suggestions import actions
from suggestions.models import NumberSeries, Suggestion
from tests import cast

from . import stage
from .test_figures import present
from .test_intake_desk import PAPER, scan

MARCH = dt.date(2026, 3, 10)
pytestmark = pytest.mark.django_db


@pytest.fixture
def city(binhai, people) -> Deputy:
    """A deputy of the city who lives here: in the registry, with a login, without a seat here."""
    with in_congress(binhai):
        user = cast.User.objects.create_user("binhai-city", must_change_password=False)
        login = Membership.objects.create(user=user, role=Role.DEPUTY, name="石城")
        deputy = Deputy.objects.create(name="石城", name_key=pinyin_key("石城"), membership=login)
        Mandate.objects.create(
            deputy=deputy, level=Mandate.Level.CITY, term=people[0].mandates.get().term,
            position=1, starts_on=dt.date(2022, 1, 10),
        )  # fmt: skip
        return deputy


def test_trap_23_a_city_deputy_raises_nothing_here_and_uses_no_number(
    binhai, people, city, client_of
):
    phone = client_of(city.membership)
    with stage.on(stage.SITTING):
        page = phone.post(reverse("portal_suggestion_new"), {"title": "关于增设公交站点的建议"})
        assert page.status_code == 409
        assert "石城是市级人大代表，不是本级人大代表" in page.content.decode()
    with in_congress(binhai):
        assert not Suggestion.objects.exists() and not NumberSeries.objects.exists()


def test_trap_23_what_a_city_deputy_wrote_before_the_seats_were_right_is_not_handed_in(
    binhai, people, city
):
    with in_congress(binhai):
        seat = city.mandates.get()
        Mandate.objects.filter(pk=seat.pk).update(level=Mandate.Level.COUNTY)
        row = stage.draft(city)
        Mandate.objects.filter(pk=seat.pk).update(level=Mandate.Level.CITY)
        with stage.on(stage.SITTING), pytest.raises(NotAllowed, match="受理、编号和交办"):
            actions.submit(row, by=city.membership)


def test_trap_23_a_city_deputy_is_neither_offered_nor_taken_as_a_cosigner(
    binhai, people, city, client_of
):
    with in_congress(binhai):
        row = stage.draft(people[0])
    with stage.on(stage.SITTING):
        found = client_of(people[0].membership).get(
            reverse("portal_suggestion_invite", args=[row.pk]), {"q": "石"}
        )
        assert found.status_code == 200 and "石城</" not in found.content.decode()
        with in_congress(binhai), pytest.raises(NotAllowed, match="石城是市级人大代表"):
            actions.invite(row, by=people[0].membership, deputies=[people[1], city])


def test_trap_23_on_paper_too_nothing_of_a_city_deputy_is_registered_or_counted(
    binhai, people, city, client_of
):
    with in_congress(binhai):
        stage.registered(binhai, people[0])
    desk = client_of(stage.clerk(binhai))
    with stage.on(MARCH):
        paper = PAPER | {"lead_name": "石城", "scan": scan()}
        refused = desk.post(reverse("admin:suggestions_enter"), paper)
        assert refused.status_code == 422 and "不在任" in refused.content.decode()
        secret = {"lead_name": "石城", "received_on": "2026-01-13"}
        assert desk.post(reverse("admin:suggestions_secret"), secret).status_code == 422
    with in_congress(binhai):
        year = present(stage.clerk(binhai), MARCH)
        assert [i.lead.name for i in year.items] == [people[0].name]
        assert city.pk not in year.deputies


def test_trap_23_who_holds_a_seat_here_too_raises_it_here(binhai, people, city):
    with in_congress(binhai):
        Mandate.objects.create(
            deputy=city, level=Mandate.Level.COUNTY, term=people[0].mandates.get().term,
            position=9, starts_on=dt.date(2022, 1, 10),
        )  # fmt: skip
        assert stage.registered(binhai, city).number


def test_trap_23_a_seat_in_the_city_does_not_keep_the_lead_here(binhai, people):
    """The seat here ends, the one in the city goes on: the next co-signer leads."""
    with in_congress(binhai):
        row = stage.assigned(
            binhai, people[0], [(Unit.objects.get(short_name="住建局"), "sole")], [people[1]]
        )
        own = people[0].mandates.get()
        Mandate.objects.create(
            deputy=people[0], level=Mandate.Level.CITY, term=own.term, position=9,
            starts_on=dt.date(2022, 1, 10),
        )  # fmt: skip
        with stage.on(MARCH):
            registry.resign(own, by=stage.clerk(binhai), on=MARCH, document="常发〔2026〕9号")
        row.refresh_from_db()
        assert row.lead == people[1]
