"""The daemon: joins what the profile says, then turns round and round until something is wrong."""

import os
import signal
import socket
import threading
import time
import uuid

from .election import Candidacy, Following, Quorum
from .ensemble import TRANSIENT, Ensemble
from .flags import prepare_folder
from .maintenance import Maintenance
from .members import Members
from .refusal import Refusal
from .registration import KeptId, Registration
from .registry import Registry
from .render import render
from .web import Server

TURN_SECONDS = 1
# A server that is just starting may take a connection and never answer; only after a whole session time the client
# tries anew. So one such server must not be the end.
SESSIONS_TO_CONNECT = 2.5


class Daemon:
    """One rehearsed daemon with its flags read."""

    def __init__(self, profile, flags, log):
        self.profile = profile
        self.log = log
        self.changed = threading.Event()
        self.ensembles = {}
        self.context = {'flags': flags, 'version': profile['version'], 'start_time': time.time(), 'host': describe_host()}
        self.context['self'] = self.describe_self()
        self.members = {name: Members(kind) for name, kind in profile.get('accepts', {}).items()}
        self.doors = {kind['path']: self.members[name] for name, kind in profile.get('accepts', {}).items()}
        self.endpoints = {path: endpoint for endpoint in profile['endpoints'] for path in endpoint['paths']}
        self.candidacy = self.quorum = self.following = self.registration = self.maintenance = None
        self.announced = None

    def describe_self(self):
        own = {'id': str(uuid.uuid4())}
        for name, template in self.profile['self'].items():
            own[name] = render(template, {**self.context, 'self': own})
        return own

    def run(self):
        """Serves until it is ended by a signal. Raises Refusal when it cannot go on."""
        for flag in self.profile.get('folders', []):
            if self.context['flags'][flag] is not None:
                prepare_folder(self.context['flags'][flag])
        server = self.listen()
        self.join()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        while True:
            self.turn()
            self.changed.wait(TURN_SECONDS)
            self.changed.clear()

    def listen(self):
        address, port = (render(self.profile['listen'][key], self.context) for key in ('address', 'port'))
        server = Server(address, port, self)
        self.log(f"listens on {address or '0.0.0.0'}:{port}")
        return server

    def join(self):
        """Finds the ensembles, then enters the groups: replicas first, so that a leader can count them."""
        elect, follow = self.profile.get('elect'), self.profile.get('follow')
        if follow is not None:
            self.follow(follow)
        if elect is not None and render(elect['servers'], self.context) is not None:
            self.stand(elect)
        if 'maintenance' in self.profile:
            self.look_after(self.profile['maintenance'])
        if self.profile.get('leaveOnTerminate'):
            signal.signal(signal.SIGTERM, self.leave)

    def stand(self, elect):
        ensemble = self.ensemble(elect)
        if 'quorum' in elect:
            self.quorum = Quorum(ensemble, elect['quorum'], self.context)
            self.quorum.join(self.context)
        self.candidacy = Candidacy(ensemble, elect, self.context)
        self.candidacy.join(self.context)

    def follow(self, follow):
        source = self.context['flags'][follow['flag']]
        fixed = source['address'] is not None
        self.following = Following(None if fixed else self.ensemble({**follow, **source}), follow, source)
        path = render(follow['register'].get('idFile'), self.context)
        self.registration = Registration(follow['register'], KeptId(path), self.log)

    def look_after(self, rule):
        """Keeps who is in maintenance where the next leader finds it."""
        elect = self.profile['elect']
        ensemble = None if self.candidacy is None else self.ensemble(elect)
        registry = Registry(ensemble, render(rule['registry'], self.context) if ensemble else None)
        self.maintenance = Maintenance(rule, self.members[rule['of']], registry)

    def ensemble(self, rule):
        """The session of these servers: one for all that need it."""
        servers, credentials, seconds = (render(rule.get(key), self.context)
                                         for key in ('servers', 'credentials', 'sessionSeconds'))
        key = (servers, credentials)
        if key not in self.ensembles:
            ensemble = Ensemble(servers, credentials, seconds, self.changed.set)
            ensemble.connect(seconds * SESSIONS_TO_CONNECT)
            self.log(f'has a session with the ZooKeeper servers {servers}')
            self.ensembles[key] = ensemble
        return self.ensembles[key]

    def turn(self):
        """One look at the world. Servers that come and go are no reason to end; a lost session may be."""
        self.check_sessions()
        if all(ensemble.connected for ensemble in self.ensembles.values()):
            try:
                self.look()
            except TRANSIENT as error:
                self.log(f'ZooKeeper does not answer ({type(error).__name__}), tries again')
        if self.registration is not None:
            leads = self.candidacy is None or self.candidacy.elected
            self.registration.beat(self.following.address if leads else None, self.context)
        self.announce()

    def check_sessions(self):
        for ensemble in self.ensembles.values():
            if not ensemble.lost.is_set():
                continue
            text = f'no connection to ZooKeeper {ensemble.servers} for {ensemble.session_seconds:g} s'
            if self.profile.get('onSessionLoss') != 'wait':
                raise Refusal(f'{text}: the session has expired')
            if self.following is not None and self.following.address is not None:
                self.log(f'{text}, waits')
                self.following.forget()

    def look(self):
        if self.candidacy is not None:
            self.candidacy.turn()
        if self.quorum is not None:
            self.quorum.turn(self.candidacy.elected, self.context)
        if self.following is not None:
            self.following.turn(self.context)

    def announce(self):
        """One line whenever the standing of this daemon changes."""
        view = self.view()
        standing = (view['elected'], view['serving'], view['leader_address'])
        if self.candidacy is None or standing == self.announced:
            return
        self.announced = standing
        if not view['elected']:
            self.log(f"follows the leader at {view['leader_address']}")
            for members in self.members.values():
                members.clear()
        else:
            waits = f", waits for its quorum: {self.quorum.count} of {self.quorum.size}" if self.quorum else ''
            self.log('is elected as leader' + ('' if view['serving'] else waits))

    def view(self):
        """All that templates see."""
        candidacy, quorum, following = self.candidacy, self.quorum, self.following
        elected = candidacy.elected if candidacy else True
        leader = candidacy.leader if candidacy else None
        view = {
            **self.context,
            'elected': elected,
            'serving': elected and (quorum is None or quorum.reached),
            'leader': leader,
            'replicas': quorum.count if quorum else 1,
            'recovered': quorum is None or quorum.reached,
            'followed': {'address': following.address, 'leader': following.leader} if following else None,
            'registered': self.registration is not None and self.registration.registered_with is not None,
            'registration': {'id': self.registration.state.member_id} if self.registration else None,
            'members': {name: self.listed(name) for name in self.members},
        }
        view['own_address'] = render(self.profile['address'], view)
        template = self.profile.get('elect', {}).get('address')
        view['leader_address'] = view['own_address'] if elected else render(template, view) if leader else None
        return view

    def listed(self, name):
        """Members of a kind; one that is drained is not active."""
        members = self.members[name].listed()
        if self.maintenance is None or self.maintenance.members is not self.members[name]:
            return members
        drained = self.maintenance.drained_ids()
        return [{**member, 'active': member['active'] and member['id'] not in drained} for member in members]

    def why_not(self, members, offered):
        """Why who registers has to end; None where it may be a member."""
        if self.maintenance is None or self.maintenance.members is not members:
            return None
        return self.maintenance.why_not(offered)

    def leave(self, _signal, _frame):
        """Ends its sessions first, so that others need not wait for them to expire."""
        for ensemble in self.ensembles.values():
            ensemble.close()
        os._exit(0)


def describe_host():
    """Name, address and size of this host."""
    name = socket.gethostname()
    try:
        address = socket.gethostbyname(name)
    except OSError:
        address = '127.0.0.1'
    memory = os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES')
    return {'name': name, 'address': address, 'cpuCount': os.cpu_count(), 'memoryMiB': memory // 2 ** 20}
