"""Numbered events over Lumberjack with TLS: python3 pylogbeat_client.py PORT CERTIFICATES INDEX EVENTS"""

import sys
import time

from pylogbeat import PyLogBeatClient

port, certificates, index, events = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
WINDOW = 250

client = PyLogBeatClient(
    "localhost",
    port,
    ssl_enable=True,
    ca_certs=f"{certificates}/ca.pem",
    certfile=f"{certificates}/client.pem",
    keyfile=f"{certificates}/client.key",
)
client.connect()
for first in range(0, events, WINDOW):
    client.send(
        [
            {
                "@timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "@metadata": {"beat": "pylogbeat", "version": "2.1.0", "raw_index": index},
                "event": {"sequence": number},
                "message": f"Line {number}",
            }
            for number in range(first, min(first + WINDOW, events))
        ]
    )
client.close()
