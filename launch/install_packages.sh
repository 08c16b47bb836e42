#!/bin/sh
# Install Debian packages (the arguments) without starting or enabling any service of theirs.
# Run as root by packages.py; everything it changes for the while is put back at the end.
set -eu
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
options="-o DPkg::Lock::Timeout=300 -o Acquire::Retries=2"
policy=/usr/sbin/policy-rc.d
clusters=/etc/postgresql-common/createcluster.conf
made_policy='' kept_clusters=''

put_back() {
  if [ -n "$made_policy" ]; then rm -f "$policy"; fi
  if [ -n "$kept_clusters" ]; then
    cat "$kept_clusters" > "$clusters"
    rm -f "$kept_clusters"
  fi
}
trap put_back EXIT
trap 'exit 1' HUP INT TERM

# A broken third source must not stop what the others can give: the install itself decides.
# shellcheck disable=SC2086
apt-get $options update || { sleep 3; apt-get $options update || true; }

# No service may start: 101 is "forbidden by policy".
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' > "$policy"
  chmod 755 "$policy"
  made_policy=yes
fi

# No PostgreSQL cluster on port 5432 may appear beside ours.
case " $* " in
  *" postgresql "*)
    # shellcheck disable=SC2086
    apt-get $options install -y --no-install-recommends postgresql-common
    if [ -f "$clusters" ]; then
      kept_clusters=$(mktemp)
      cat "$clusters" > "$kept_clusters"
    fi
    echo 'create_main_cluster = false' >> "$clusters"
    ;;
esac

# shellcheck disable=SC2086
apt-get $options install -y --no-install-recommends "$@"

# Debian enables a new Redis for the next boot; ours is started by hand.
case " $* " in
  *" redis-server "*)
    update-rc.d redis-server disable || true
    ;;
esac
