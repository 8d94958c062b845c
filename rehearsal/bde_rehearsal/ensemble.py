"""A session with a ZooKeeper ensemble: joins groups, reads them in order, and tells when it is gone for too long."""

import logging
import re
import threading

from kazoo.client import KazooClient
from kazoo.exceptions import KazooException, NoNodeError
from kazoo.handlers.threading import KazooTimeoutError
from kazoo.protocol.states import KazooState
from kazoo.security import CREATOR_ALL_ACL

from .refusal import Refusal

SEQUENCE = re.compile(r'\d{10}$')
CALL_SECONDS = 5
# Tries again every second for ever: left to itself, kazoo waits longer each time, up to a minute.
RECONNECT = {'max_tries': -1, 'delay': 0.1, 'max_delay': 1.0}


class Ensemble:
    """One client session. `on_change` is called, from any thread, when a watched group or the connection changed."""

    def __init__(self, servers, credentials, session_seconds, on_change):
        self.servers = servers
        self.session_seconds = session_seconds
        self.on_change = on_change
        self.lost = threading.Event()
        self.timer = None
        self.watched = set()
        # What it would warn of (a server is gone, tries the next) is said here once, in one line.
        logging.getLogger('kazoo').setLevel(logging.CRITICAL)
        self.client = KazooClient(
            hosts=servers, timeout=session_seconds, randomize_hosts=True, connection_retry=RECONNECT,
            auth_data=[('digest', credentials)] if credentials else None,
            default_acl=CREATOR_ALL_ACL if credentials else None)

    def connect(self, within_seconds):
        """Opens the session. Raises Refusal when no server answers in time."""
        self.client.add_listener(self.on_state)
        try:
            self.client.start(timeout=within_seconds)
        except KazooTimeoutError:
            self.client.stop()
            raise Refusal(f'no ZooKeeper server of {self.servers} answered within {within_seconds:g} s') from None

    def on_state(self, state):
        """Counts the time without a connection: no server tells a client that its session has expired."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
        if state == KazooState.CONNECTED:
            self.lost.clear()
        elif state == KazooState.LOST:
            self.lost.set()
        else:
            self.timer = threading.Timer(self.session_seconds, self.on_timer)
            self.timer.daemon = True
            self.timer.start()
        self.on_change()

    def on_timer(self):
        self.lost.set()
        self.on_change()

    @property
    def connected(self):
        return self.client.connected

    def join(self, path, node, data):
        """Adds an ephemeral, numbered member `path/node<number>`; gives its name."""
        created = self.call(self.client.create_async, f'{path}/{node}', data.encode(),
                            ephemeral=True, sequence=True, makepath=True)
        return created.rpartition('/')[2]

    def members(self, path, match):
        """`(name, data)` of the members of a group, the oldest first; None where the group does not exist."""
        try:
            watch = None if path in self.watched else self.on_watch(path)
            names = self.call(self.client.get_children_async, path, watch=watch)
        except NoNodeError:
            self.watched.discard(path)
            return None
        numbered = [name for name in names if match in name and SEQUENCE.search(name)]
        members = [(name, self.data_of(f'{path}/{name}')) for name in sorted(numbered, key=lambda name: name[-10:])]
        return [(name, data) for name, data in members if data is not None]

    def on_watch(self, path):
        """A one-time watch on the children of `path`."""
        self.watched.add(path)

        def fired(_event):
            self.watched.discard(path)
            self.on_change()

        return fired

    def data_of(self, path):
        """Content of a node; None when it went away in between."""
        try:
            return self.call(self.client.get_async, path)[0].decode()
        except NoNodeError:
            return None

    def put(self, path, data):
        """Makes `data` the content of a node that stays."""
        try:
            self.call(self.client.set_async, path, data.encode())
        except NoNodeError:
            self.call(self.client.create_async, path, data.encode(), makepath=True)

    @staticmethod
    def call(method, *arguments, **options):
        """A call that ends: waits for its answer for a bounded time."""
        return method(*arguments, **options).get(timeout=CALL_SECONDS)

    def close(self):
        """Ends the session, so that its members leave at once."""
        self.client.stop()


# What a call raises while servers come and go: to be tried again at the next turn.
TRANSIENT = (KazooException, KazooTimeoutError)
