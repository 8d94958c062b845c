"""Writes to an ensemble as fast as it is let, until it is told to stop, and keeps a list of what was acknowledged.

zookeeper-writer.py write HOSTS FILE     one line `PATH VALUE` in FILE for each acknowledged write; ends on SIGTERM
zookeeper-writer.py check HOST FILE      says which of them HOST does not have; ends with 1 where some are missing
zookeeper-writer.py sample FOLDER        asks every address in FOLDER/members five times a second who it is; one line of
                                         JSON in FOLDER/samples for each round; ends on SIGTERM
"""

import json
import logging
import pathlib
import re
import signal
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from kazoo.client import KazooClient
from kazoo.exceptions import ConnectionLoss, NoNodeError, OperationTimeoutError, SessionExpiredError

logging.getLogger('kazoo').setLevel(logging.CRITICAL)
STOP = threading.Event()
RETRY = {'max_tries': -1, 'delay': 0.05, 'max_delay': 0.5}


def connect(hosts):
    client = KazooClient(hosts=hosts, timeout=20, connection_retry=RETRY)
    client.start(timeout=60)
    return client


def write(hosts, file):
    client = connect(hosts)
    client.ensure_path('/writes')
    with open(file, 'a', encoding='ascii', buffering=1) as acknowledged:
        number = 0
        while not STOP.is_set():
            number += 1
            try:
                path = client.create('/writes/n-', str(number).encode(), sequence=True)
            except (ConnectionLoss, OperationTimeoutError, SessionExpiredError):
                time.sleep(0.05)
                continue
            acknowledged.write(f'{path} {number}\n')
            time.sleep(0.01)
    client.stop()


def check(host, file):
    client = connect(host)
    client.sync('/writes')
    missing = []
    for line in pathlib.Path(file).read_text(encoding='ascii').splitlines():
        path, value = line.split(' ')
        try:
            if client.get(path)[0].decode() != value:
                missing.append(line)
        except NoNodeError:
            missing.append(line)
    client.stop()
    print('\n'.join(missing))
    return 1 if missing else 0


def ask(address):
    try:
        with socket.create_connection((address, 2181), timeout=2) as member:
            member.settimeout(2)
            member.sendall(b'srvr')
            said = b''
            while chunk := member.recv(4096):
                said += chunk
    except OSError:
        return None
    mode = re.search(rb'^Mode: (\w+)$', said, re.M)
    zxid = re.search(rb'^Zxid: 0x([0-9a-f]+)$', said, re.M)
    if not said:
        return None
    if not mode or not zxid:
        # It lives, and has no leader at this moment.
        return {'mode': 'electing', 'epoch': -1}
    return {'mode': mode[1].decode(), 'epoch': int(zxid[1], 16) >> 32}


def sample(folder):
    """Rounds begin five times a second, also while an earlier one waits for a member that does not answer."""
    members = pathlib.Path(folder, 'members')
    writing = threading.Lock()
    with ThreadPoolExecutor(256) as asking, ThreadPoolExecutor(32) as rounds, \
            open(f'{folder}/samples', 'a', encoding='ascii', buffering=1) as samples:

        def ask_all(at, addresses):
            answers = dict(zip(addresses, asking.map(ask, addresses)))
            with writing:
                samples.write(json.dumps({'atMs': at, 'members': answers}) + '\n')

        while not STOP.is_set():
            started = time.monotonic()
            rounds.submit(ask_all, int(time.time() * 1000), members.read_text(encoding='ascii').split())
            STOP.wait(max(0.0, 0.2 - (time.monotonic() - started)))


def main(argv):
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: STOP.set())
    return {'write': write, 'check': check, 'sample': sample}[argv[1]](*argv[2:]) or 0


sys.exit(main(sys.argv))
