#!/bin/sh
# Backups of database and files, in the folder /backup; see docs/OPERATIONS.md.
#   backup                 take one, named by its moment
#   backup list            what there is
#   backup restore MOMENT  into the database renda_restored, beside the running one
#   backup swap MOMENT     put renda_restored in the place of renda (kept as renda_replaced) and
#                          its files back; the product must be stopped
#   backup forget          drop renda_restored and renda_replaced
# As the superuser, for the tables' own policies hide rows from everybody else.
set -eu
umask 077
backups=${BACKUPS:-/backup} files=${FILES:-/data/files} kept=${BACKUPS_KEPT:-14}

sql() { psql -X -q -A -t -v ON_ERROR_STOP=1 -d postgres "$@"; }
end() { echo "$1" >&2; exit 1; }
there() { [ -n "$(sql -c "SELECT 1 FROM pg_database WHERE datname = '$1'")" ]; }

moment() {
  case ${1:-} in
    [0-9]*-[0-9]*) [ -d "$backups/$1" ] || end "there is no backup $1" ;;
    *) end "which backup? see: backup list" ;;
  esac
  (cd "$backups/$1" && sha256sum --check --quiet SHA256SUMS) || end "the backup $1 is damaged"
}

case ${1:-take} in
  take)
    name=$(date +%Y-%m-%d-%H%M%S)
    part=$backups/.$name
    trap 'rm -rf "$part"' EXIT
    mkdir "$part"
    # The database first: every file it knows was written before its row.
    pg_dump --format=custom --file="$part/database" renda
    tar -C "$files" -czf "$part/files.tar.gz" .
    (cd "$part" && sha256sum database files.tar.gz > SHA256SUMS)
    mv "$part" "$backups/$name"
    ls -1r "$backups" | tail -n "+$((kept + 1))" | while read -r old; do
      case $old in [0-9]*-[0-9]*) rm -rf "${backups:?}/$old" ;; esac
    done
    echo "$name"
    ;;
  list)
    cd "$backups" && du -sh -- [0-9]*-[0-9]* 2>/dev/null || echo "none yet"
    ;;
  restore)
    moment "${2:-}"
    ! there renda_restored || end "renda_restored is there already; drop it with: backup forget"
    sql <<'SQL'
CREATE DATABASE renda_restored OWNER renda_owner
  TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8';
REVOKE ALL ON DATABASE renda_restored FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE renda_restored TO renda_app, renda_platform;
SQL
    pg_restore --exit-on-error --jobs=2 --dbname=renda_restored "$backups/$2/database"
    psql -X -q -d renda_restored -c ANALYZE
    echo "renda_restored is $2"
    ;;
  swap)
    moment "${2:-}"
    there renda_restored || end "nothing was restored yet: backup restore $2"
    ! there renda_replaced || end "renda_replaced is there already; drop it with: backup forget"
    others=$(sql -c "SELECT count(*) FROM pg_stat_activity WHERE datname = 'renda'")
    [ "$others" = 0 ] || end "the product still runs: docker compose stop web worker beat"
    # Files are never changed, only added: those written since then stay and do no harm.
    tar -C "$files" -xzf "$backups/$2/files.tar.gz"
    sql -c "ALTER DATABASE renda RENAME TO renda_replaced" \
        -c "ALTER DATABASE renda_restored RENAME TO renda"
    echo "renda is $2; what it was is kept as renda_replaced"
    ;;
  forget)
    sql -c "DROP DATABASE IF EXISTS renda_restored" -c "DROP DATABASE IF EXISTS renda_replaced"
    ;;
  *)
    end "backup, backup list, backup restore MOMENT, backup swap MOMENT, backup forget"
    ;;
esac
