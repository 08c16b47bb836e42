"""The host names the congress; a refusal undoes, answers in words and is logged."""

from urllib.parse import urlsplit

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import path

from congress import urls
from congress.access import everybody, only
from congress.flow import NotAllowed
from congress.models import Congress, CongressHost, LogEntry, Role, Unit
from congress.once import new_token, once
from congress.tenancy import in_congress
from tests import cast

pytestmark = pytest.mark.django_db


@everybody
def rename(request):
    Unit.objects.update(short_name="改名")
    raise NotAllowed("该期间已锁定，不能修改")


@everybody
def break_down(request):
    Unit.objects.update(short_name="改名")
    raise RuntimeError


@once
@everybody
def add(request):
    from django.shortcuts import redirect

    Unit.objects.create(kind="organ", name=request.POST["name"], short_name="新")
    return redirect("/health/")


@only(Role.DEPUTY_AFFAIRS)
def staff_only(request):
    from django.http import HttpResponse

    return HttpResponse(request.member.name)


@pytest.fixture
def doors(settings, monkeypatch):
    extra = [
        path("t/rename/", rename),
        path("t/break/", break_down),
        path("t/add/", add),
        path("t/staff/", staff_only),
    ]
    monkeypatch.setattr(urls, "urlpatterns", extra + urls.urlpatterns)
    from django.urls import clear_url_caches

    clear_url_caches()
    yield
    monkeypatch.undo()
    clear_url_caches()


def renamed(congress) -> bool:
    with in_congress(congress):
        return Unit.objects.filter(short_name="改名").exists()


def test_a_refusal_undoes_answers_409_with_its_sentence_and_is_logged(doors, binhai, stranger_at):
    response = stranger_at(binhai).get("/t/rename/")
    assert response.status_code == 409
    assert "该期间已锁定，不能修改" in response.content.decode()
    assert not renamed(binhai)
    with in_congress(binhai):
        entry = LogEntry.objects.get(step="congress.refuse")
        assert entry.outcome == "refused" and "该期间已锁定" in entry.note


def test_an_error_undoes_what_the_request_did(doors, binhai, stranger_at):
    client = stranger_at(binhai)
    client.raise_request_exception = False
    assert client.get("/t/break/").status_code == 500
    assert not renamed(binhai)


def test_a_form_sent_twice_makes_one_record(doors, binhai, stranger_at):
    form = {"name": "一个单位", "once": new_token()}
    client = stranger_at(binhai)
    first, second = client.post("/t/add/", form), client.post("/t/add/", form)
    assert first["Location"] == second["Location"] == "/health/"
    with in_congress(binhai):
        assert Unit.objects.filter(name="一个单位").count() == 1


def test_a_stranger_is_led_to_sign_in_and_a_wrong_role_is_refused(
    doors, binhai, client_of, stranger_at
):
    assert "/accounts/login/" in stranger_at(binhai).get("/t/staff/")["Location"]
    assert client_of(cast.member(binhai, Role.DEPUTY)).get("/t/staff/").status_code == 403
    page = client_of(cast.member(binhai, Role.DEPUTY_AFFAIRS)).get("/t/staff/")
    assert page.content.decode() == "代玉珍"


@pytest.mark.parametrize(
    ("came", "back"),
    [
        ("http://binhai.localhost/t/page/?a=1", "/t/page/?a=1"),
        ("http://elsewhere.example/t/page/", "/"),
        ("", "/"),
    ],
)
def test_who_sent_a_form_too_late_comes_back_to_its_page(doors, binhai, stranger_at, came, back):
    asked = stranger_at(binhai).post("/t/staff/", headers={"referer": came})
    assert QueryDict(urlsplit(asked["Location"]).query)["next"] == back


def test_an_address_of_a_button_opened_by_hand_says_so(binhai, stranger_at):
    page = stranger_at(binhai).get("/elder/")
    assert page.status_code == 405 and page["Allow"] == "POST"
    assert "不能直接打开" in page.content.decode()


def test_a_member_of_the_neighbour_is_a_stranger_here(doors, binhai, shanyang, client_of):
    client = client_of(cast.member(shanyang, Role.DEPUTY_AFFAIRS))
    response = client.get("/t/staff/", headers={"host": "binhai.localhost"})
    assert "/accounts/login/" in response["Location"]


def congress_at(host: str, **cookies):
    client = Client(headers={"host": host})
    client.cookies.load(cookies)
    return client.get("/elder/").wsgi_request.congress


def test_the_host_names_the_congress(binhai, shanyang):
    CongressHost.objects.create(congress=shanyang, host="shanyang.localhost")
    assert congress_at("binhai.localhost") == binhai
    assert congress_at("shanyang.localhost:8000") == shanyang


def chooser(host: str = "127.0.0.1"):
    return Client(headers={"host": host})


def test_a_bare_address_shows_the_chooser_and_keeps_the_choice(binhai, shanyang):
    client = chooser()
    page = client.get("/")
    assert "滨海区" in page.content.decode() and "山阳县" in page.content.decode()
    client.post("/", {"congress": "shanyang"})
    assert client.get("/elder/").wsgi_request.congress == shanyang


def test_a_forged_choice_chooses_nothing(binhai, shanyang):
    client = chooser()
    client.cookies.load({"congress": "shanyang"})
    assert client.get("/elder/").wsgi_request.congress is None


def test_the_only_congress_answers_at_a_bare_address(binhai):
    assert chooser().get("/elder/").wsgi_request.congress == binhai


def test_an_unknown_name_is_no_congress(binhai):
    assert Client(headers={"host": "nobody.localhost"}).get("/").status_code == 404


def test_a_congress_switched_off_does_not_answer(binhai, shanyang):
    Congress.objects.filter(pk=binhai.pk).update(is_active=False)
    assert Client(headers={"host": "binhai.localhost"}).get("/").status_code == 404


def test_a_program_is_answered_in_its_own_way_where_nothing_is(binhai, stranger_at):
    client = stranger_at(binhai)
    answer = client.get("/api/v1/nothing/")
    assert answer.status_code == 404 and answer.json() == {"detail": "没有这个地址"}
    page = client.get("/nothing/")
    assert page.status_code == 404 and "<html" in page.content.decode()
