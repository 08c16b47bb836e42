"""Suggestions for programs: written, submitted, followed, judged; strangers and neighbours."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from congress.models import Role
from congress.tenancy import in_congress
from suggestions.models import Assignment, Category, Suggestion
from tests import cast
from tests.programs import Program
from tests.suggestions import stage

pytestmark = pytest.mark.django_db(databases=["default", "platform"])
TEXT = {
    "title": "关于加装老旧小区电梯的建议",
    "situation": stage.SITUATION,
    "requests": stage.REQUESTS,
}


@pytest.fixture
def people(in_binhai):
    stage.ready()
    return stage.people()


@pytest.fixture
def deputy(people):
    """A program of the first deputy, on a day of the sitting."""
    with stage.on(stage.SITTING):
        yield Program(people[0].membership)


def test_a_draft_is_written_completed_and_submitted(people, deputy):
    begun = deputy.post("suggestions/", {"title": TEXT["title"]})
    assert begun.status_code == 201
    row = begun.json()
    assert (row["state"], row["lead"]) == ("draft", people[0].name) and "submit" in row["steps"]
    path = f"suggestions/{row['id']}/"
    assert deputy.post(f"{path}submit/").status_code == 409
    written = deputy.patch(path, TEXT | {"may_publish_text": True, "wants_meeting": True})
    assert written.status_code == 200 and written.json()["requests"] == stage.REQUESTS
    kept = deputy.patch(path, {"hides_name": True}).json()
    assert kept["title"] == TEXT["title"] and kept["may_publish_text"] and kept["wants_meeting"]
    sent = deputy.post(f"{path}submit/")
    assert sent.status_code == 200 and sent.json()["state"] == "review"
    assert deputy.patch(path, {"title": "另一个标题"}).status_code == 409
    steps = [e["title"] for e in deputy.get(f"{path}timeline/").json()]
    assert steps[0] == "提交" and steps[-1] == "等待代工委审查"


def test_categories_and_wished_units_are_those_of_the_pages(people, deputy):
    with in_congress(people[0].congress):
        unit, _ = stage.unit("交通局")
        category = Category.objects.get(name="物业管理")
    made = deputy.post("suggestions/", TEXT | {"category": category.pk, "wished_units": [unit.pk]})
    assert made.json()["category_name"] == "物业管理"
    row = Suggestion.objects.get(pk=made.json()["id"])
    assert [w.unit for w in row.wishes.all()] == [unit]
    wrong = deputy.post("suggestions/", TEXT | {"wished_units": [99999999]})
    assert wrong.status_code == 400 and Suggestion.objects.count() == 1


@pytest.mark.parametrize(
    "sent",
    [
        {"title": "长" * 121},
        {"requests": ["一"] * 9},
        {"category": 99999999},
        {"requests": [{"x": 1}]},
        {"may_publish_text": "也许"},
        [],
        "文字",
    ],
)
def test_what_cannot_be_read_is_refused_and_nothing_is_kept(people, deputy, sent):
    assert deputy.post("suggestions/", sent).status_code == 400
    assert not Suggestion.objects.exists()


def test_a_secret_text_is_refused_in_words(people, deputy):
    sent = deputy.post("suggestions/", TEXT | {"situation": "机密★五年 " + stage.SITUATION})
    assert sent.status_code == 409 and "密级" in sent.json()["detail"]


def test_only_deputies_write(people, binhai):
    for role in (Role.DEPUTY_AFFAIRS, Role.STREET, Role.HANDLING_UNIT):
        program = Program(cast.member(binhai, role))
        assert program.post("suggestions/", TEXT).status_code == 403
    for role in (Role.AUDIT_ADMIN, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.STATION_LIAISON):
        assert Program(cast.member(binhai, role)).get("suggestions/").status_code == 403


def test_a_draft_is_its_authors_alone(people, binhai):
    row = stage.draft(people[0])
    for who in (people[1].membership, stage.clerk(binhai)):
        program = Program(who)
        assert program.get("suggestions/").json()["results"] == []
        for part in ("", "timeline/"):
            assert program.get(f"suggestions/{row.pk}/{part}").status_code == 404
        assert program.patch(f"suggestions/{row.pk}/", TEXT).status_code == 404
    assert Program(people[1].membership).post(f"suggestions/{row.pk}/submit/").status_code == 404


def test_a_signer_reads_and_does_not_write(people):
    row = stage.submitted(people[0], cosigners=[people[1]])
    program = Program(people[1].membership)
    assert program.get(f"suggestions/{row.pk}/").json()["signers"] == [people[1].name]
    assert program.patch(f"suggestions/{row.pk}/", TEXT).status_code == 404


def test_a_unit_is_not_told_a_hidden_name(people, binhai):
    unit, clerk = stage.unit("交通局")
    lead = Assignment.Role.LEAD
    row = stage.assigned(binhai, people[0], [(unit, lead)], cosigners=[people[1]], hides_name=True)
    program = Program(clerk)
    told = [program.get("suggestions/"), program.get(f"suggestions/{row.pk}/")]
    told.append(program.get(f"suggestions/{row.pk}/timeline/"))
    for answer in told:
        assert answer.status_code == 200
        text = answer.content.decode()
        assert people[0].name not in text and people[1].name not in text
    shown = Program(stage.clerk(binhai)).get(f"suggestions/{row.pk}/").json()
    assert shown["lead"] == people[0].name and shown["units"] == ["滨海区交通局"]


def test_the_list_is_filtered_and_costs_no_more_queries(people, deputy):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert deputy.get("suggestions/", {"size": 50}).status_code == 200
        return len(seen)

    stage.draft(people[0])
    few = queries()
    for _ in range(20):
        stage.draft(people[0])
    assert queries() == few
    assert deputy.get("suggestions/", {"state": "review"}).json()["count"] == 0
    assert deputy.get("suggestions/", {"state": "draft"}).json()["count"] == 21
    assert deputy.get("suggestions/", {"state": "nothing"}).status_code == 400


def test_the_neighbours_suggestions_are_not_there(people, shanyang):
    row = stage.submitted(people[0])
    with in_congress(shanyang):
        who = cast.member(shanyang, Role.DEPUTY_AFFAIRS)
    program = Program(who)
    assert program.get("suggestions/").json()["results"] == []
    assert program.get(f"suggestions/{row.pk}/").status_code == 404
    assert Program(people[0].membership, at=shanyang).get("suggestions/").status_code == 401


# -- Judging -----------------------------------------------------------------------------------


@pytest.fixture
def answered(people, binhai):
    """A suggestion whose unit has answered."""
    unit, clerk = stage.unit("交通局")
    row = stage.assigned(binhai, people[0], [(unit, Assignment.Role.LEAD)])
    task = stage.task_of(row, unit)
    stage.answered(task, clerk, dt.date(2026, 3, 2))
    row.refresh_from_db()
    assert row.state == Suggestion.State.ANSWERED
    return row


def test_a_deputy_judges_what_is_owed_once(people, answered):
    program = Program(people[0].membership)
    path = f"suggestions/{answered.pk}/ratings/"
    owed = program.get(path).json()
    assert len(owed) == 1 and owed[0]["dimensions"]
    word = owed[0]["scale"][0]["value"]
    sent = {"feedback": owed[0]["feedback"], "ratings": dict.fromkeys(owed[0]["dimensions"], word)}
    assert program.post(path, sent | {"ratings": {}}).status_code == 400
    assert program.post(path, sent | {"ratings": {"总体": "没有这一档"}}).status_code == 400
    unhappy = dict.fromkeys(owed[0]["dimensions"], "unsatisfied")
    assert program.post(path, sent | {"ratings": unhappy}).status_code == 400
    done = program.post(path, sent | {"was_contacted": True})
    assert done.status_code == 200 and done.json() == []
    assert program.post(path, sent).status_code == 409
    answered.refresh_from_db()
    assert answered.state == Suggestion.State.CLOSED


def test_nobody_judges_for_another(people, answered, binhai):
    feedback = answered.feedbacks.get()
    other = Program(people[1].membership)
    path = f"suggestions/{answered.pk}/ratings/"
    assert other.get(path).status_code == 404
    sent = {"feedback": feedback.pk, "ratings": {"总体": "satisfied"}}
    assert other.post(path, sent).status_code == 404
    assert Program(stage.clerk(binhai)).get(path).status_code == 403
