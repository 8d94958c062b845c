"""HTTP: the endpoints of the profile, filled with what the daemon knows, and the doors through which members register."""

import errno
import http.client
import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .maintenance import Refused
from .refusal import Refusal
from .render import render

MAX_BODY_BYTES = 65536
PROXY_SECONDS = 10
PASSED_HEADERS = ('Content-Type', 'Location')


class Server(ThreadingHTTPServer):
    """One listening socket. `daemon` answers `view()` and holds `members` by kind."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address, port, daemon):
        self.daemon = daemon
        try:
            super().__init__((address or '', port), Handler)
        except OSError as error:
            name = errno.errorcode.get(error.errno, '')
            raise Refusal(f"cannot listen on {address or '0.0.0.0'}:{port}: {os.strerror(error.errno)} ({name})") from error


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = 'HTTP/1.1'
    server_version = 'bde-rehearsal'
    sys_version = ''
    timeout = 30

    def log_message(self, *_arguments):
        """Requests are not logged: probes come every second."""

    def do_GET(self):
        daemon = self.server.daemon
        endpoint = daemon.endpoints.get(self.path.partition('?')[0])
        view = daemon.view()
        question = daemon.maintenance and daemon.maintenance.questions.get(self.path.partition('?')[0])
        if question and not view['elected']:
            self.pass_on('redirect', view)
        elif question:
            self.answer(200, 'application/json', compact(question()), view)
        elif endpoint is None:
            self.answer(404, 'text/plain', 'Not Found\n')
        elif endpoint.get('leaderOnly') and not view['elected']:
            self.pass_on(endpoint['leaderOnly'], view)
        else:
            self.answer_endpoint(endpoint, view)

    do_HEAD = do_GET

    def answer_endpoint(self, endpoint, view):
        if 'json' in endpoint:
            self.answer(200, 'application/json', compact(render(endpoint['json'], view)), view)
        else:
            self.answer(200, 'text/plain', str(render(endpoint.get('text', ''), view)), view)

    def pass_on(self, manner, view):
        """A daemon that does not lead redirects, or fetches the answer itself."""
        address = view['leader_address']
        if address is None or address == view['own_address']:
            self.answer(503, 'text/plain', 'No leader elected\n')
        elif manner == 'redirect':
            self.answer(307, 'text/plain', '', view, {'Location': f'//{address}{self.path}'})
        else:
            self.proxy(address, view)

    def proxy(self, address, view):
        connection = http.client.HTTPConnection(address, timeout=PROXY_SECONDS)
        try:
            connection.request('GET', self.path)
            response = connection.getresponse()
            body = response.read().decode()
            passed = {name: value for name in PASSED_HEADERS if (value := response.headers.get(name))}
            self.answer(response.status, passed.pop('Content-Type', 'text/plain'), body, view, passed)
        except OSError as error:
            self.answer(502, 'text/plain', f'the leader at {address} does not answer: {error}\n')
        finally:
            connection.close()

    def do_POST(self):
        daemon = self.server.daemon
        members = daemon.doors.get(self.path)
        order = daemon.maintenance and daemon.maintenance.orders.get(self.path)
        view = daemon.view()
        if order and not view['elected']:
            self.pass_on('redirect', view)
        elif not members and not order:
            self.answer(404, 'text/plain', 'Not Found\n')
        elif not view['serving']:
            self.answer(503, 'text/plain', 'not the leader, or without its quorum\n')
        elif order:
            self.obey(order, view)
        else:
            self.accept_member(members, view)

    def obey(self, order, view):
        """Does what an operator asks for."""
        try:
            given = self.read_body()
            if given is not None:
                said = order(given)
                self.answer(200, 'application/json' if said else 'text/plain', compact(said) if said else '', view)
        except Refused as refused:
            self.answer(refused.status, 'text/plain', f'{refused}\n')
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self.answer(400, 'text/plain', f'Failed to parse request: {error}\n')

    def accept_member(self, members, view):
        try:
            offered = self.read_body()
            if offered is None:
                return
            why = self.server.daemon.why_not(members, offered)
            if why is not None:
                self.answer(410, 'text/plain', f'{why}\n')
                return
            member_id = members.accept({**offered, 'key': str(offered['key'])}, view['self']['id'])
        except (ValueError, KeyError, TypeError) as error:
            self.answer(400, 'text/plain', f'no registration: {error}\n')
            return
        self.answer(200, 'application/json', compact({'id': member_id}))

    def read_body(self):
        """The JSON of the request; None where it was answered already, for its size."""
        length = int(self.headers.get('Content-Length') or 0)
        if not 0 < length <= MAX_BODY_BYTES:
            self.answer(413, 'text/plain', f'the body has to have between 1 and {MAX_BODY_BYTES} bytes\n')
            return None
        return json.loads(self.rfile.read(length))

    def answer(self, status, content_type, body, view=None, headers=None):
        payload = body.encode()
        self.send_response(status)
        self.send_header('Content-Type', content_type)
        self.send_header('Content-Length', str(len(payload)))
        self.send_header('X-Bde-Rehearsal', self.server.daemon.profile['program'])
        own = render(self.server.daemon.profile.get('headers', {}), view) if view else {}
        for name, value in {**own, **(headers or {})}.items():
            self.send_header(name, value)
        if status >= 400:
            self.send_header('Connection', 'close')
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(payload)


def compact(value):
    """JSON without spaces, as daemons write it and as people's grep expects it."""
    return json.dumps(value, separators=(',', ':'))
