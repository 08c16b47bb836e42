#!/bin/sh
# The database and its three logins, when PostgreSQL starts with an empty volume.
set -eu
psql -X -q -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres <<SQL
\\getenv owner_password OWNER_PASSWORD
\\getenv app_password APP_PASSWORD
\\getenv platform_password PLATFORM_PASSWORD
\\ir ${LOGINS:-/deploy/logins.sql}
SQL
