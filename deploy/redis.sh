#!/bin/sh
# Redis with its password from the environment, so that it stands on no command line.
exec redis-server - <<CONFIG
requirepass $REDIS_PASSWORD
dir ${REDIS_FOLDER:-/data}
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
CONFIG
