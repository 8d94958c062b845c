"""Registers with the leader of another service, and again and again, as a sign of life."""

import contextlib
import http.client
import json
import os
import time

from .refusal import Refusal
from .render import render

ANSWER_SECONDS = 3
RETRY_SECONDS = 1
GONE = 410


class Registration:
    """What one daemon tells the leader that it follows. `state` keeps the id across restarts."""

    def __init__(self, rule, state, log, clock=time.monotonic):
        self.rule = rule
        self.state = state
        self.log = log
        self.clock = clock
        self.registered_with = None
        self.next_beat = 0.0

    def beat(self, address, context):
        """Sends a sign of life when it is due, or at once where the leader is another one."""
        if address is None:
            self.registered_with = None
            return
        if address == self.registered_with and self.clock() < self.next_beat:
            return
        self.next_beat = self.clock() + self.rule['everySeconds']
        try:
            self.register(address, context)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if self.registered_with == address:
                self.log(f'lost the leader at {address}: {error}')
            self.registered_with = None
            self.next_beat = self.clock() + RETRY_SECONDS

    def register(self, address, context):
        body = render(self.rule['body'], {**context, 'registration': {'id': self.state.read_id()}})
        connection = http.client.HTTPConnection(address, timeout=ANSWER_SECONDS)
        try:
            connection.request('POST', self.rule['path'], json.dumps(body), {'Content-Type': 'application/json'})
            response = connection.getresponse()
            answer = response.read().decode()
        finally:
            connection.close()
        if response.status == GONE:
            self.state.forget()
            raise Refusal(f'the leader at {address} told it to end: {answer.strip()}')
        if response.status != 200:
            raise ValueError(f'{response.status} {answer.strip()}')
        self.note(address, json.loads(answer)['id'])

    def note(self, address, member_id):
        self.state.write_id(member_id)
        if self.registered_with != address:
            self.log(f'registered with the leader at {address} as {member_id}')
        self.registered_with = address


class KeptId:
    """The id that the leader gave, in a file where there is one."""

    def __init__(self, path):
        self.path = path
        self.member_id = None

    def read_id(self):
        if self.member_id is None and self.path is not None:
            try:
                with open(self.path, encoding='utf-8') as file:
                    self.member_id = file.read().strip() or None
            except FileNotFoundError:
                pass
        return self.member_id

    def write_id(self, member_id):
        if member_id == self.member_id:
            return
        self.member_id = member_id
        if self.path is not None:
            with open(self.path, 'w', encoding='utf-8') as file:
                file.write(member_id + '\n')

    def forget(self):
        """Whoever is told to end comes back as somebody new."""
        self.member_id = None
        if self.path is not None:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.path)
