"""Machines that operators take out of service: the schedule, who is down, who is drained, who never comes back."""

from .render import render


class Refused(Exception):
    """What an operator asked for is not done; the text says why."""

    def __init__(self, text, status=400):
        super().__init__(text)
        self.status = status


class Maintenance:
    """Rules and state of maintenance, kept in a registry. `rule` is the profile's `maintenance`."""

    def __init__(self, rule, members, registry):
        self.rule = rule
        self.members = members
        self.registry = registry
        self.questions = {path: getattr(self, f'get_{name}') for name in ('schedule', 'status') for path in rule[name]}
        self.orders = {path: getattr(self, f'post_{name}') for name in ('schedule', 'down', 'up', 'calls')
                       for path in rule[name]}

    def get_schedule(self):
        schedule = self.registry.read().get('schedule', {})
        return schedule if schedule.get('windows') else {}

    def get_status(self):
        down = self.down()
        draining = [machine for machine in self.scheduled() if machine not in down]
        return {'draining_machines': [{'id': named(machine)} for machine in draining],
                'down_machines': [named(machine) for machine in down]}

    def post_schedule(self, schedule):
        """Replaces the whole schedule, as the real one does."""
        windows = schedule.get('windows', [])
        machines = [key for window in windows for key in checked_window(window)]
        refuse_twice(machines)
        with self.registry.lock:
            for machine in self.down():
                if machine not in machines:
                    raise Refused(f'Machine {shown(machine)} is in DOWN mode and must be part of the schedule')
            self.registry.write({**self.registry.read(), 'schedule': schedule})

    def post_down(self, machines):
        """Brings scheduled machines down: their members are told to end, and may not come back."""
        keys = checked_machines(machines)
        with self.registry.lock:
            document = self.registry.read()
            for machine in keys:
                if machine not in self.scheduled():
                    raise Refused(f'Machine {shown(machine)} is not part of a maintenance schedule')
                if machine in self.down():
                    raise Refused(f'Machine {shown(machine)} is not in DRAINING mode and cannot be brought down')
            self.registry.write({**document, 'down': [list(key) for key in [*self.down(), *keys]]})
        self.members.remove(lambda member: self.machine_of(member) in keys)

    def post_up(self, machines):
        """Ends the maintenance of machines that are down, and takes them out of the schedule."""
        keys = checked_machines(machines)
        with self.registry.lock:
            for machine in keys:
                if machine not in self.down():
                    raise Refused(f'Machine {shown(machine)} is not in DOWN mode and cannot be brought up')
            kept = [without(window, keys) for window in self.get_schedule().get('windows', [])]
            down = [list(key) for key in self.down() if key not in keys]
            schedule = {'windows': [window for window in kept if window['machine_ids']]}
            self.registry.write({**self.registry.read(), 'schedule': schedule, 'down': down})

    def post_calls(self, call):
        """One call of the operator API; None where the answer has no content."""
        kind = call.get('type')
        if kind == 'GET_AGENTS':
            return {'type': kind, 'get_agents': {'agents': [self.described(each) for each in self.members.listed()]}}
        handler = {'DRAIN_AGENT': self.drain, 'REACTIVATE_AGENT': self.reactivate, 'MARK_AGENT_GONE': self.mark_gone}
        if kind not in handler:
            raise Refused(f"Unexpected call type '{kind}'", 501)
        handler[kind](call.get(kind.lower(), {}))
        return None

    def drain(self, order):
        member_id = self.known_id(order)
        config = {key: order[key] for key in ('max_grace_period', 'mark_gone') if key in order}
        with self.registry.lock:
            document = self.registry.read()
            drains = document.get('drains', {})
            if member_id in drains:
                raise Refused(f'Agent {member_id} is already draining')
            self.registry.write({**document, 'drains': {**drains, member_id: config}})

    def reactivate(self, order):
        member_id = self.known_id(order)
        with self.registry.lock:
            document = self.registry.read()
            drains = dict(document.get('drains', {}))
            if self.drain_info(member_id, document).get('state') == 'DRAINING':
                raise Refused(f'Agent {member_id} is still in the DRAINING state', 409)
            drains.pop(member_id, None)
            self.registry.write({**document, 'drains': drains})

    def mark_gone(self, order):
        member_id = self.known_id(order)
        with self.registry.lock:
            document = self.registry.read()
            self.registry.write({**document, 'gone': [*document.get('gone', []), member_id]})
        self.members.remove(lambda member: member['id'] == member_id)

    def known_id(self, order):
        member_id = order.get('agent_id', {}).get('value')
        if all(member['id'] != member_id for member in self.members.listed()):
            raise Refused(f"Agent '{member_id}' not found", 404)
        return member_id

    def described(self, member):
        info = self.drain_info(member['id'], self.registry.read())
        active = member['active'] and not info
        drained = {'deactivated': True, 'drain_info': info} if info else {'deactivated': False}
        return {**render(self.rule['described'], {'item': member}), 'active': active, **drained}

    def drain_info(self, member_id, document):
        """`state` and `config` of a drain; empty where there is none. No task has to end: who lives is drained."""
        drain = document.get('drains', {}).get(member_id)
        if drain is None:
            return {}
        lives = any(member['id'] == member_id and member['active'] for member in self.members.listed())
        return {'state': 'DRAINED' if lives else 'DRAINING', 'config': drain}

    def drained_ids(self):
        """Those that get no work, whether they have some left or not."""
        return set(self.registry.read().get('drains', {}))

    def why_not(self, offered):
        """Why who registers is told to end; None where it may be a member."""
        if self.machine_of(offered) in self.down():
            return 'Machine is DOWN'
        if offered.get('id') in self.registry.read().get('gone', []):
            return 'Agent has been marked gone'
        return None

    def machine_of(self, member):
        return key_of(render(self.rule['machine'], {'item': member}))

    def scheduled(self):
        return [key_of(machine) for window in self.get_schedule().get('windows', []) for machine in window['machine_ids']]

    def down(self):
        return [tuple(key) for key in self.registry.read().get('down', [])]


def key_of(machine):
    """A machine as it is compared: its host name is not case-sensitive."""
    return (machine.get('hostname', '').lower(), machine.get('ip', ''))


def named(key):
    return {'hostname': key[0], 'ip': key[1]}


def shown(key):
    return f"'{key[0]} ({key[1]})'"


def checked_window(window):
    machines = window.get('machine_ids', [])
    if not isinstance(window.get('unavailability', {}).get('start', {}).get('nanoseconds'), int):
        raise Refused('A maintenance window must have an unavailability with a start')
    return checked_machines(machines)


def checked_machines(machines):
    keys = [key_of(machine) for machine in machines]
    if not keys:
        raise Refused('List of machines is empty')
    if ('', '') in keys:
        raise Refused('Both hostname and ip of a machine are empty')
    refuse_twice(keys)
    return keys


def refuse_twice(keys):
    for key in keys:
        if keys.count(key) > 1:
            raise Refused(f'Machine {shown(key)} appears more than once')


def without(window, keys):
    return {**window, 'machine_ids': [machine for machine in window['machine_ids'] if key_of(machine) not in keys]}
