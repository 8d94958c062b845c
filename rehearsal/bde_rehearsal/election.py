"""Leader election as clients of ZooKeeper do it: numbered ephemeral nodes, the lowest leads."""

import json
import time

from .refusal import Refusal
from .render import render


def read_leader(data):
    """What a leader left in its node: JSON, or plain text such as host:port."""
    try:
        return json.loads(data)
    except ValueError:
        return data


class Candidacy:
    """This daemon as a candidate. After each turn: `elected`, `leader` (data of the leading node, or None)."""

    def __init__(self, ensemble, rule, context):
        self.ensemble = ensemble
        self.rule = rule
        self.path = render(rule['path'], context)
        self.node = None
        self.elected = False
        self.leader = None

    def join(self, context):
        """Enters the election."""
        data = render(self.rule['data'], context)
        text = data if isinstance(data, str) else json.dumps(data)
        self.node = self.ensemble.join(self.path, render(self.rule['node'], context), text)

    def turn(self):
        """Looks who leads. Raises Refusal when this candidate is gone from the list: its session has expired."""
        members = self.ensemble.members(self.path, self.rule['match']) or []
        names = [name for name, _ in members]
        if self.node not in names:
            raise Refusal(f'the ZooKeeper session of {self.path}/{self.node} has expired: leadership is lost')
        self.elected = names[0] == self.node
        self.leader = read_leader(members[0][1])


class Quorum:
    """Replicas that must be there before the leader serves. After each turn: `count`, `reached`."""

    def __init__(self, ensemble, rule, context, clock=time.monotonic):
        self.ensemble = ensemble
        self.rule = rule
        self.path = render(rule['path'], context)
        self.size = render(rule['size'], context)
        self.within_seconds = render(rule['withinSeconds'], context)
        self.clock = clock
        self.below_since = None
        self.count = 0
        self.reached = False

    def join(self, context):
        """Registers this replica."""
        self.ensemble.join(self.path, self.rule['node'], render(self.rule['data'], context))

    def turn(self, elected, context):
        """Counts the replicas. A replica that was restarted counts once, though its old node is still there."""
        members = self.ensemble.members(self.path, '') or []
        self.count = len({data for _, data in members})
        self.reached = self.count >= self.size
        shown = {**context, 'replicas': self.count}
        if self.count > 2 * self.size - 1:
            raise Refusal(render(self.rule['tooSmall'], {**shown, 'majority': self.count // 2 + 1}))
        self.check_patience(elected, shown)

    def check_patience(self, elected, shown):
        """A leader without its quorum gives up after a while."""
        if self.reached or not elected:
            self.below_since = None
            return
        self.below_since = self.below_since or self.clock()
        if self.clock() - self.below_since > self.within_seconds:
            raise Refusal(render(self.rule['tooFew'], shown))


class Following:
    """Finds the leader of another service. After each turn: `address`, `leader`."""

    def __init__(self, ensemble, rule, source, clock=time.monotonic):
        self.ensemble = ensemble
        self.rule = rule
        self.source = source
        self.clock = clock
        self.started = clock()
        self.found_once = False
        self.leader = None
        self.address = source['address']

    def turn(self, context):
        """Looks who leads. Raises Refusal when there was no leader for too long after the start."""
        if self.ensemble is None:
            return
        members = self.ensemble.members(self.source['path'], self.rule['match'])
        if members:
            self.found_once = True
            self.leader = read_leader(members[0][1])
            self.address = render(self.rule['address'], {**context, 'leader': self.leader})
            return
        self.forget()
        self.check_patience(exists=members is not None)

    def forget(self):
        """Without an ensemble, or without a member, there is no leader."""
        if self.ensemble is not None:
            self.leader = self.address = None

    def check_patience(self, exists):
        within = self.rule['withinSeconds']
        if not self.found_once and self.clock() - self.started > within:
            reason = 'nobody is registered there' if exists else 'that path does not exist'
            raise Refusal(f"no leader under {self.source['url']} within {within} s: {reason}")
