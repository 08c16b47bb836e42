"""Whether the web server in this container answers; for the container's health check."""

import http.client
import os
import sys

port = int(os.environ["BIND"].rsplit(":", 1)[1])
connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
# As the proxy would ask, or the answer is a redirection to https.
connection.request("GET", "/health/", headers={"X-Forwarded-Proto": "https"})
sys.exit(connection.getresponse().status != 200)
