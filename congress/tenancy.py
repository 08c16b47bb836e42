"""Nothing is read or written outside a congress. Three locks, each standing alone:

1. scope: django-scopes refuses a query on a tenant's table without a congress;
2. write guard: a row cannot be saved outside its congress nor linked to another's row;
3. PostgreSQL: row-level security shows the application's login only the rows of the congress
   set for this transaction, and composite foreign keys refuse a link across.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, models, transaction
from django_scopes import ScopedManager, get_scope, scope, scopes_disabled

if TYPE_CHECKING:
    from .models import Congress

PLATFORM = "platform"  # the login for work across congresses: relay, chooser, sweeps


class WrongCongress(Exception):
    """A row was about to cross the border between two congresses: a defect, never a refusal."""


# -- Lock 1: scope ----------------------------------------------------------------------------


@contextmanager
def in_congress(congress: "Congress") -> Iterator["Congress"]:
    """Open one congress: one transaction, one scope, one PostgreSQL setting.

    Takes the congress; None is an error, never "all". Nested use restores the outer one, for
    a released savepoint would leak its setting outward.
    """
    if congress is None or congress.pk is None:
        raise WrongCongress("in_congress needs a stored congress")
    connection = connections["default"]
    nested = connection.in_atomic_block
    with transaction.atomic(), scope(congress=congress):
        outer = _setting() if nested else ""
        _set(str(congress.pk))
        yield congress
        if nested and not connection.needs_rollback:
            _set(outer)


def current_congress() -> "Congress":
    """The congress that is open; raises WrongCongress when none is."""
    congress = get_scope().get("congress")
    if congress is None:
        raise WrongCongress("no congress is open")
    return congress


@contextmanager
def across_congresses() -> Iterator[str]:
    """Work over all congresses; gives the alias whose login may: use `.using(alias)`."""
    with scopes_disabled():
        yield PLATFORM


def _setting() -> str:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT current_setting('app.congress_id', true)")
        return cursor.fetchone()[0] or ""


def _set(value: str) -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT set_config('app.congress_id', %s, true)", [value])


# -- Lock 2: write guard ----------------------------------------------------------------------


class TenantQuerySet(models.QuerySet):
    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        if self.db != PLATFORM:
            for row in objs:
                row.guard_congress()
        return super().bulk_create(objs, *args, **kwargs)


class _TenantManager(models.Manager.from_queryset(TenantQuerySet)):
    pass


class TenantModel(models.Model):
    """A row of one congress."""

    congress = models.ForeignKey(
        "congress.Congress",
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name="人大",
    )
    objects = ScopedManager(congress="congress", _manager_class=_TenantManager)

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values):
        row = super().from_db(db, field_names, values)
        loaded = row.__dict__
        row._links_as_loaded = {f.attname: loaded.get(f.attname) for f in tenant_links(cls)}
        return row

    def save(self, *args, **kwargs):
        if kwargs.get("using") != PLATFORM:
            self.guard_congress()
            self._guard_unknown_links()
        super().save(*args, **kwargs)

    def guard_congress(self) -> None:
        """Refuse a row of another congress, or one linked to a loaded row of another."""
        here = current_congress().pk
        if self.congress_id is None:
            self.congress_id = here
        if self.congress_id != here:
            raise WrongCongress(f"{self._meta.label} of another congress")
        for field in tenant_links(type(self)):
            linked = field.get_cached_value(self, default=None)
            if linked is not None and linked.congress_id != here:
                raise WrongCongress(f"{self._meta.label}.{field.name} links to another congress")

    def _guard_unknown_links(self) -> None:
        known = getattr(self, "_links_as_loaded", {})
        for field in tenant_links(type(self)):
            value = getattr(self, field.attname)
            if value is None or field.is_cached(self) or known.get(field.attname) == value:
                continue
            rows = field.remote_field.model._base_manager.filter(pk=value)
            if list(rows.values_list("congress_id", flat=True)) != [self.congress_id]:
                raise WrongCongress(f"{self._meta.label}.{field.name} links to another congress")


@cache
def tenant_links(model: type[models.Model]) -> list[models.ForeignKey]:
    """The foreign keys of a model that lead to a tenant's row."""
    fields = model._meta.concrete_fields
    return [f for f in fields if f.is_relation and is_tenant_model(f.remote_field.model)]


def is_tenant_model(model: type[models.Model]) -> bool:
    """Whether rows of this model belong to one congress."""
    return isinstance(model, type) and issubclass(model, TenantModel)


# -- Lock 3: PostgreSQL -----------------------------------------------------------------------

TENANT_RULE = "congress_id = NULLIF(current_setting('app.congress_id', true), '')::bigint"


class OwnerMigrates:
    """Only the owner's login changes the schema."""

    def allow_migrate(self, db, app_label, **hints):
        return db == "owner"


def lock_tables(app_config, using: str, **kwargs) -> None:
    """After every migrate: policies, rights and composite foreign keys of one app's tables.

    Idempotent. A model may say `append_only = True` (no change, no removal by the application)
    or give its own `row_rule` (SQL) where it carries no congress of its own.
    """
    if using != "owner":
        return
    app, platform = (settings.DATABASES[a]["USER"] for a in ("default", PLATFORM))
    owner = settings.DATABASES["owner"]["USER"]
    if len({app, platform, owner}) != 3:
        raise ImproperlyConfigured("owner, app and platform must be three logins")
    connection = connections[using]
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        cursor.execute(f"GRANT SELECT ON django_migrations TO {quote(app)}, {quote(platform)}")
        for model in app_config.get_models(include_auto_created=True):
            table = model._meta.db_table
            if model._meta.proxy or not model._meta.managed or table not in existing:
                continue
            append_only = getattr(model, "append_only", False)
            rights = "SELECT, INSERT" if append_only else "SELECT, INSERT, UPDATE, DELETE"
            cursor.execute(f"GRANT {rights} ON {quote(table)} TO {quote(app)}")
            cursor.execute(
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON {quote(table)} TO {quote(platform)}"
            )
            rule = getattr(model, "row_rule", TENANT_RULE if is_tenant_model(model) else None)
            if rule:
                _lock_rows(cursor, quote(table), rule, quote(platform))
                _lock_links(cursor, model, quote)
        cursor.execute(
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quote(app)}, "
            f"{quote(platform)}"
        )


def _lock_rows(cursor, table: str, rule: str, platform: str) -> None:
    cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    cursor.execute(f"DROP POLICY IF EXISTS tenant ON {table}")
    cursor.execute(f"CREATE POLICY tenant ON {table} USING ({rule}) WITH CHECK ({rule})")
    cursor.execute(f"DROP POLICY IF EXISTS platform ON {table}")
    cursor.execute(
        f"CREATE POLICY platform ON {table} TO {platform} USING (true) WITH CHECK (true)"
    )


def _lock_links(cursor, model: type[models.Model], quote) -> None:
    """PostgreSQL's own foreign-key checks pass by the policies, so both columns are compared."""
    if not is_tenant_model(model):
        return
    table = model._meta.db_table
    _add_constraint(cursor, table, f"{table[:40]}_congress_id", "UNIQUE (congress_id, id)", quote)
    for field in tenant_links(model):
        target = field.remote_field.model._meta.db_table
        _add_constraint(
            cursor, target, f"{target[:40]}_congress_id", "UNIQUE (congress_id, id)", quote
        )
        _add_constraint(
            cursor,
            table,
            f"{table[:28]}_{field.column[:22]}_same_cong",
            f"FOREIGN KEY (congress_id, {quote(field.column)}) "
            f"REFERENCES {quote(target)} (congress_id, id) DEFERRABLE INITIALLY DEFERRED",
            quote,
        )


def _add_constraint(cursor, table: str, name: str, definition: str, quote) -> None:
    cursor.execute(
        "SELECT 1 FROM pg_constraint WHERE conname = %s AND conrelid = %s::regclass",
        [name, quote(table)],
    )
    if not cursor.fetchone():
        cursor.execute(f"ALTER TABLE {quote(table)} ADD CONSTRAINT {quote(name)} {definition}")


def tenant_models() -> list[type[models.Model]]:
    """Every model whose rows belong to one congress."""
    return [m for m in apps.get_models(include_auto_created=True) if is_tenant_model(m)]
