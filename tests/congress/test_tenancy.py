"""Three locks, each alone: scope, write guard, PostgreSQL."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django_scopes import scopes_disabled
from django_scopes.exceptions import ScopeError

from congress.models import Membership, Role, Unit
from congress.tenancy import WrongCongress, in_congress, tenant_models

pytestmark = pytest.mark.django_db


def test_a_query_without_a_congress_is_refused(binhai):
    with pytest.raises(ScopeError):
        Unit.objects.count()


def test_no_congress_never_means_all(binhai):
    with pytest.raises(WrongCongress), in_congress(None):
        pass


def test_the_scope_shows_only_its_own_rows(binhai, shanyang):
    with in_congress(binhai):
        assert set(Unit.objects.values_list("congress_id", flat=True)) == {binhai.pk}


def test_a_row_of_another_congress_is_not_saved(binhai, shanyang):
    with in_congress(binhai), pytest.raises(WrongCongress):
        Unit(congress=shanyang, name="x", short_name="x", kind=Unit.Kind.ORGAN).save()


def test_a_link_to_a_loaded_row_of_another_congress_is_refused(binhai, shanyang):
    with in_congress(shanyang):
        theirs = Unit.objects.first()
    with in_congress(binhai), pytest.raises(WrongCongress):
        Unit(name="x", short_name="x", kind=Unit.Kind.ORGAN, parent=theirs).save()


def test_a_link_to_an_id_of_another_congress_is_refused(binhai, shanyang):
    with in_congress(shanyang):
        theirs = Unit.objects.first().pk
    with in_congress(binhai), pytest.raises(WrongCongress):
        Unit(name="x", short_name="x", kind=Unit.Kind.ORGAN, parent_id=theirs).save()


def test_bulk_create_refuses_rows_of_another_congress(binhai, shanyang):
    row = Unit(congress=shanyang, name="x", short_name="x", kind=Unit.Kind.ORGAN)
    with in_congress(binhai), pytest.raises(WrongCongress):
        Unit.objects.bulk_create([row])


def test_the_database_alone_hides_the_neighbour(binhai, shanyang):
    with in_congress(binhai), scopes_disabled():
        assert set(Unit.objects.values_list("congress_id", flat=True)) == {binhai.pk}


def test_the_database_alone_shows_nothing_without_a_congress(binhai):
    with scopes_disabled():
        assert Unit.objects.count() == 0


def test_the_database_alone_refuses_to_write_for_the_neighbour(binhai, shanyang):
    with in_congress(binhai), pytest.raises(ProgrammingError), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE congress_unit SET congress_id = %s WHERE congress_id = %s",
                [shanyang.pk, binhai.pk],
            )


def test_the_database_alone_refuses_a_link_across(binhai, shanyang):
    with in_congress(shanyang):
        theirs = Unit.objects.first().pk
    with in_congress(binhai):
        mine = Unit.objects.first().pk
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE congress_unit SET parent_id = %s WHERE id = %s", [theirs, mine])
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_leaving_an_inner_congress_restores_the_outer_one(binhai, shanyang):
    with in_congress(binhai):
        with in_congress(shanyang):
            pass
        with scopes_disabled():
            assert set(Unit.objects.values_list("congress_id", flat=True)) == {binhai.pk}


def test_every_tenant_table_is_locked_for_the_application(db):
    tables = {m._meta.db_table for m in tenant_models()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity")
        locked = {r[0] for r in cursor.fetchall()}
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone()[0] is False
        cursor.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user")
        assert cursor.fetchone()[0] == 0
    assert tables <= locked
    assert len(tables) > 10


@pytest.mark.django_db(transaction=True)
def test_a_connection_carries_no_congress_into_its_next_use(binhai):
    with in_congress(binhai):
        assert Membership.objects.filter(role=Role.DEPUTY).exists()
    with scopes_disabled():
        assert Membership.objects.count() == 0
