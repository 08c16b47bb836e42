# One image for the web server, the worker, the beat and the one-shot steps; docker-compose.yml
# says which. The same Debian, packages and lock file as bin/demo uses.
FROM debian:bookworm-slim AS packages
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv
COPY requirements.lock /
RUN python3 -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes \
    -r /requirements.lock

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 \
    fontconfig fonts-lxgw-wenkai fonts-noto-cjk libharfbuzz-subset0 libpango-1.0-0 \
    libpangoft2-1.0-0 tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && fc-cache --system-only \
 && useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent renda \
 && install -d -o renda -g renda /data/files
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 LANG=C.UTF-8 TZ=Asia/Shanghai \
    STATIC_ROOT=/srv/static MEDIA_ROOT=/data/files XDG_CACHE_HOME=/tmp/cache
# The settings want an address and keys before they load; these are thrown away.
RUN SECRET_KEY=only-while-the-image-is-built-only-while-the-image-is-built \
    FIELD_KEYS=k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= REDIS_URL=redis://none \
    DATABASE_URL=postgres://none/none DATABASE_PLATFORM_URL=postgres://none/none \
    python manage.py collectstatic --no-input --verbosity 0 \
 && python -m compileall -q . /venv/lib
USER renda
VOLUME /data/files
CMD ["gunicorn", "congress.wsgi"]
