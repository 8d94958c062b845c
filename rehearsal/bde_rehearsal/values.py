"""Flag values: text of the command line to typed data. One parser per type name that a profile may use."""

import json
import re

from .refusal import Refusal
from .zookeeper_url import check_servers, parse_zookeeper_url

DURATION = re.compile(r'^(\d+(?:\.\d+)?)(ns|us|ms|secs|mins|hrs|days|weeks)$')
SECONDS = {'ns': 1e-9, 'us': 1e-6, 'ms': 1e-3, 'secs': 1, 'mins': 60, 'hrs': 3600, 'days': 86400, 'weeks': 604800}
BYTES = re.compile(r'^(\d+)(B|KB|MB|GB|TB)$')
ADDRESS = re.compile(r'^[^\s:/]+:\d{1,5}$')


def parse_value(flag, text):
    """The value of `text` as `flag` declares it. Raises Refusal with what was expected."""
    value = PARSERS[flag.get('type', 'string')](text)
    check_range(flag, value)
    allowed = flag.get('values')
    if allowed is not None and value not in allowed:
        raise Refusal(f"'{text}' is not one of {', '.join(map(str, allowed))}")
    return value


def check_range(flag, value):
    """`minimum` and `maximum` of a number."""
    if 'minimum' in flag and value < flag['minimum']:
        raise Refusal(f"{value} is less than {flag['minimum']}")
    if 'maximum' in flag and value > flag['maximum']:
        raise Refusal(f"{value} is more than {flag['maximum']}")


def parse_integer(text):
    if not re.fullmatch(r'[+-]?\d+', text):
        raise Refusal(f"'{text}' is not an integer")
    return int(text)


def parse_number(text):
    try:
        return float(text)
    except ValueError:
        raise Refusal(f"'{text}' is not a number") from None


def parse_boolean(text):
    if text not in ('true', 'false', '1', '0'):
        raise Refusal(f"'{text}' is not a boolean: expecting true or false")
    return text in ('true', '1')


def parse_port(text):
    port = parse_integer(text)
    if not 0 < port < 65536:
        raise Refusal(f'{port} is not a port between 1 and 65535')
    return port


def parse_duration(text):
    """Seconds."""
    match = DURATION.match(text)
    if match is None:
        raise Refusal(f"'{text}' is not a duration: expecting a number and one of {', '.join(SECONDS)}, as in 10secs")
    return float(match[1]) * SECONDS[match[2]]


def parse_bytes(text):
    match = BYTES.match(text)
    if match is None:
        raise Refusal(f"'{text}' is not a size: expecting a number and one of B, KB, MB, GB, TB, as in 2GB")
    return int(match[1]) * 1024 ** ('B', 'KB', 'MB', 'GB', 'TB').index(match[2])


def parse_json(text):
    try:
        return json.loads(text)
    except ValueError as error:
        raise Refusal(f'no valid JSON: {error}') from None


def parse_leader(text):
    """Where the leader of another service is found: a ZooKeeper URL, or its fixed address."""
    if text.startswith(('http://', 'https://')):
        text = re.sub(r'^https?://', '', text).rstrip('/')
    if ADDRESS.match(text):
        return {'url': text, 'address': text, 'servers': None, 'path': None, 'credentials': None}
    return {**parse_zookeeper_url(text), 'address': None}


def parse_servers(text):
    """`host:2181,host:2181`, or the same out of a ZooKeeper URL."""
    if text.startswith('zk://'):
        return parse_zookeeper_url(text)['servers']
    check_servers(text, text)
    return text


PARSERS = {
    'string': str,
    'integer': parse_integer,
    'number': parse_number,
    'boolean': parse_boolean,
    'port': parse_port,
    'duration': parse_duration,
    'bytes': parse_bytes,
    'json': parse_json,
    'zookeeper': parse_zookeeper_url,
    'leader': parse_leader,
    'servers': parse_servers,
}
