"""`zk://user:password@host1:2181,host2:2181/path`, taken apart."""

import re

from .refusal import Refusal

SCHEME = 'zk://'
SERVER = re.compile(r'^[A-Za-z0-9_.-]+(:\d{1,5})?$|^\[[0-9a-fA-F:]+\]:\d{1,5}$')


def parse_zookeeper_url(text):
    """Gives `{url, servers, path, credentials}`; `credentials` is `user:password` or None. `url` hides credentials."""
    trimmed = text.strip()
    if not trimmed.startswith(SCHEME):
        raise Refusal(f"'{trimmed}' is no ZooKeeper URL: expecting '{SCHEME}' at the beginning, as in "
                      "zk://host1:2181,host2:2181/path")
    rest = trimmed[len(SCHEME):]
    authority, slash, path = rest.partition('/')
    credentials, at, servers = authority.rpartition('@')
    check_servers(servers, trimmed if not at else f'{SCHEME}***@{servers}{slash}{path}')
    return {
        'url': f'{SCHEME}{servers}/{path}',
        'servers': servers,
        'path': '/' + path.strip('/'),
        'credentials': credentials if at else None,
    }


def check_servers(servers, shown):
    """Refuses a server list with a part that is not `host` or `host:port`."""
    for server in servers.split(','):
        if not SERVER.match(server):
            raise Refusal(f"'{shown}' is no ZooKeeper server list: '{server}' is not host:port")
        port = server.rpartition(':')[2]
        if port.isdigit() and not 0 < int(port) < 65536:
            raise Refusal(f"'{shown}' is no ZooKeeper server list: port {port} is not between 1 and 65535")
