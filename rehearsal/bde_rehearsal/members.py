"""Who has registered here: agents, frameworks. Kept by key, with the time of the last sign of life."""

import threading
import time


class Members:
    """The members of one kind, as the profile describes it."""

    def __init__(self, kind, clock=time.monotonic):
        self.kind = kind
        self.clock = clock
        self.lock = threading.Lock()
        self.by_key = {}
        self.count = 0

    def accept(self, offered, host_id):
        """Adds a member or notes its sign of life; gives the id under which it is known."""
        with self.lock:
            known = self.by_key.get(offered['key'])
            member_id = (known and known['id']) or offered.get('id') or self.next_id(host_id)
            now = time.time()
            self.by_key[offered['key']] = {
                **offered,
                'id': member_id,
                'seen': self.clock(),
                'registered_time': known['registered_time'] if known else now,
                'reregistered_time': now,
            }
            return member_id

    def next_id(self, host_id):
        self.count += 1
        return self.kind['id'].format(host=host_id, number=self.count - 1)

    def remove(self, is_meant):
        """Drops members; who comes back is new."""
        with self.lock:
            self.by_key = {key: member for key, member in self.by_key.items() if not is_meant(member)}

    def clear(self):
        with self.lock:
            self.by_key.clear()

    def listed(self):
        """All members in order of registration, each with `active`; those gone for too long are dropped."""
        now = self.clock()
        drop = self.kind.get('dropAfterSeconds')
        with self.lock:
            if drop is not None:
                self.by_key = {key: member for key, member in self.by_key.items() if now - member['seen'] <= drop}
            members = sorted(self.by_key.values(), key=lambda member: member['registered_time'])
        return [{**member, 'active': now - member['seen'] <= self.kind['activeSeconds']} for member in members]
