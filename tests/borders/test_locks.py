"""The locks between two congresses, on every table and every link there is."""

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from congress.tenancy import WrongCongress, in_congress, tenant_links, tenant_models
from tests.borders.filled import BY_ITSELF, fill

pytestmark = pytest.mark.django_db
OURS, THEIRS = 41_000_001, 41_000_002
FILLED = [m for m in tenant_models() if m._meta.label not in BY_ITSELF]


@pytest.fixture
def side_by_side(binhai, shanyang):
    return (binhai, fill(binhai, "滨标", OURS)), (shanyang, fill(shanyang, "山标", THEIRS))


def counts() -> dict[str, int]:
    """Rows per table as the database alone shows them, past scope and managers."""
    found = {}
    with connection.cursor() as cursor:
        for model in FILLED:
            cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
            found[model._meta.label] = cursor.fetchone()[0]
    return found


def seen(made: dict) -> set[str]:
    """Which tables show these rows."""
    found = set()
    with connection.cursor() as cursor:
        for model in FILLED:
            column = model._meta.pk.column
            cursor.execute(
                f'SELECT 1 FROM "{model._meta.db_table}" WHERE "{column}" = %s',
                [made[model._meta.label].pk],
            )
            if cursor.fetchone():
                found.add(model._meta.label)
    return found


def test_plain_sql_without_a_congress_sees_no_row_of_any_table(side_by_side):
    assert {label for label, rows in counts().items() if rows} == set()


def test_plain_sql_in_one_congress_sees_no_row_of_the_other(side_by_side):
    (ours, _), (_, their_rows) = side_by_side
    with in_congress(ours):
        assert seen(their_rows) == set()


def test_the_same_sql_in_their_own_congress_sees_them_all(side_by_side):
    """The control: without it the two tests above could look at empty tables."""
    _, (theirs, their_rows) = side_by_side
    with in_congress(theirs):
        assert seen(their_rows) == {m._meta.label for m in FILLED}
        assert all(counts().values())


def test_every_table_with_a_congress_is_a_tenants_table_and_locked(db):
    known = {m._meta.db_table for m in tenant_models()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,"
            " (SELECT count(*) FROM pg_policies p WHERE p.tablename = c.relname)"
            " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE a.attname = 'congress_id' AND c.relkind = 'r' AND NOT a.attisdropped"
        )
        rows = cursor.fetchall()
    tables = {r[0] for r in rows}
    # A host names the congress before one is open.
    assert tables - known == {"congress_congresshost"}
    assert {name for name, locked, policies in rows if not (locked and policies)} == tables - known


def test_every_link_between_tenants_tables_holds_in_the_database(db):
    """A foreign key passes by the policies, so the congress must be part of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.relname, array_agg(a.attname::text) FROM pg_constraint c"
            " JOIN pg_class r ON r.oid = c.conrelid"
            " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY(c.conkey)"
            " WHERE c.contype = 'f' GROUP BY c.oid, r.relname"
        )
        held = {(table, frozenset(columns)) for table, columns in cursor.fetchall()}
    asked = {
        (m._meta.db_table, frozenset({"congress_id", f.column}))
        for m in tenant_models()
        for f in tenant_links(m)
    }
    assert len(asked) > 100
    assert asked - held == set()


def links():
    return [(m, f) for m in FILLED for f in tenant_links(m)]


def test_no_row_is_saved_with_a_link_across(side_by_side):
    (ours, our_rows), (_, their_rows) = side_by_side
    let_through = []
    with in_congress(ours):
        for model, field in links():
            row = model.objects.get(pk=our_rows[model._meta.label].pk)
            setattr(row, field.attname, their_rows[field.remote_field.model._meta.label].pk)
            try:
                with transaction.atomic():
                    row.save()
            except WrongCongress:
                continue
            let_through.append(f"{model._meta.label}.{field.name}")
    assert let_through == []


@pytest.mark.parametrize("whose", ["ours", "theirs"])
def test_plain_sql_links_to_our_own_rows_only(side_by_side, whose):
    (ours, our_rows), (_, their_rows) = side_by_side
    rows = {"ours": our_rows, "theirs": their_rows}[whose]
    let_through, asked = set(), set()
    with in_congress(ours), connection.cursor() as cursor:
        for model, field in links():
            if getattr(model, "append_only", False):
                continue
            asked.add(f"{model._meta.label}.{field.name}")
            try:
                with transaction.atomic():
                    cursor.execute(
                        f'UPDATE "{model._meta.db_table}" SET "{field.column}" = %s'
                        f' WHERE "{model._meta.pk.column}" = %s',
                        [
                            rows[field.remote_field.model._meta.label].pk,
                            our_rows[model._meta.label].pk,
                        ],
                    )
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            except DatabaseError:
                continue
            let_through.add(f"{model._meta.label}.{field.name}")
    if whose == "theirs":
        assert let_through == set()
    else:  # the control; a few may not point at themselves or need a second column
        assert len(let_through) > 0.9 * len(asked)


@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE congress_unit DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE congress_unit NO FORCE ROW LEVEL SECURITY",
        "DROP TABLE congress_unit",
        "TRUNCATE congress_unit",
        "CREATE TABLE mine (id int)",
        "CREATE POLICY mine ON congress_unit USING (true)",
        "SET ROLE renda_owner",
        "SET ROLE renda_platform",
        "DELETE FROM congress_logentry",
        "UPDATE congress_logentry SET note = 'x'",
    ],
)
def test_the_application_cannot_open_the_locks(in_binhai, sql):
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_platform_sees_across_but_may_not_open_the_locks(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb FROM pg_roles"
            " WHERE rolname IN ('renda_app', 'renda_platform')"
        )
        assert {r[0]: r[1:] for r in cursor.fetchall()} == {
            "renda_app": (False, False, False),
            "renda_platform": (False, False, False),
        }
