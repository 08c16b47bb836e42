"""Removing a database of the tests or the measurements."""

from collections.abc import Iterable

import psycopg


def drop(admin: psycopg.Connection, name: str, addresses: Iterable[str]) -> None:
    """Remove a database. `addresses` lead to it, one per login: what threads of a server left open
    is ended by the login that opened it, for the owner may not. Without FORCE, which is refused
    while autovacuum works there; the plain way sends autovacuum away."""
    for address in addresses:
        with psycopg.connect(address, autocommit=True) as own:
            own.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = %s AND usename = current_user AND pid <> pg_backend_pid()",
                [name],
            )
    admin.execute(f'DROP DATABASE IF EXISTS "{name}"')
