"""The web server: a few processes with threads; gunicorn reads this file by its name."""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_PROCESSES", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
worker_class = "gthread"
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None

# One process keeps its connections; the pool belongs to the web server alone.
raw_env = ["DATABASE_POOL=" + os.environ.get("DATABASE_POOL", "1")]

timeout = 60
graceful_timeout = 20
keepalive = 5
# A process is renewed now and then, not all at once.
max_requests = 5000
max_requests_jitter = 1000

# Who may say it was https: the proxy in front, whose address is not known beforehand. Whether
# it is believed is TRUST_PROXY's business.
forwarded_allow_ips = "*"

accesslog = "-"
errorlog = "-"
# Without the query string: searches carry names.
access_log_format = '%(h)s "%(m)s %(U)s" %(s)s %(b)s %(M)sms'
