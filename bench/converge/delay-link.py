#!/usr/bin/env python3
"""Puts a delay between this host and a bridge, in both directions, until it is told to end.

    delay-link.py BRIDGE ADDRESS/PREFIX ONE_WAY_MS

The kernel's own way (tc netem) is a module that many kernels lack; this needs TUN/TAP alone. The bridge's address moves to
a TAP link. What the host sends there is read, held back, and put into the bridge by way of a second TAP link, and the
same backwards: so TCP sees true round trips. Prints `ready` once it works; at the end (SIGTERM, SIGINT, end of stdin) the
address goes back and both links are gone.
"""

import fcntl
import heapq
import os
import select
import signal
import struct
import subprocess
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TAP_NO_PI = 0x1002
FRAME_BYTES = 65536


def open_tap(name):
    link = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(link, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TAP_NO_PI))
    return link


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def connect(bridge, address, outer, inner):
    """The host's link takes over the bridge's link address too, so that no node has to learn another one."""
    with open(f"/sys/class/net/{bridge}/address", encoding="ascii") as file:
        link_address = file.read().strip()
    ip("link", "set", inner, "master", bridge)
    ip("link", "set", inner, "up")
    # The bridge keeps a frame for its own address to itself.
    ip("link", "set", bridge, "address", "02:bd:de:1a:00:01")
    ip("link", "set", outer, "address", link_address)
    ip("address", "delete", address, "dev", bridge)
    ip("address", "add", address, "dev", outer)
    ip("link", "set", outer, "txqueuelen", "10000", "up")
    ip("link", "set", inner, "txqueuelen", "10000")
    return link_address


def disconnect(bridge, address, link_address):
    if not os.path.exists(f"/sys/class/net/{bridge}"):
        return
    ip("link", "set", bridge, "address", link_address)
    ip("address", "replace", address, "dev", bridge)


def forward(links, delay):
    """Reads frames of either link and writes them to the other one when their time has come."""
    waiting = []
    count = 0
    while True:
        pause = None if not waiting else max(0, waiting[0][0] - time.monotonic())
        ready, _, _ = select.select([sys.stdin, *links], [], [], pause)
        if sys.stdin in ready:
            return
        now = time.monotonic()
        for link in ready:
            try:
                while True:
                    frame = os.read(link, FRAME_BYTES)
                    count += 1
                    heapq.heappush(waiting, (now + delay, count, links[link], frame))
            except BlockingIOError:
                pass
        now = time.monotonic()
        while waiting and waiting[0][0] <= now:
            _, _, target, frame = heapq.heappop(waiting)
            os.write(target, frame)


def stop(_signal, _frame):
    raise SystemExit(0)


def main():
    bridge, address, one_way_ms = sys.argv[1:]
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    key = bridge.removeprefix("bde")
    outer, inner = open_tap(f"bdeo{key}"), open_tap(f"bdei{key}")
    link_address = None
    try:
        link_address = connect(bridge, address, f"bdeo{key}", f"bdei{key}")
        print("ready", flush=True)
        forward({outer: inner, inner: outer}, float(one_way_ms) / 1000)
    finally:
        os.close(outer)
        os.close(inner)
        if link_address is not None:
            disconnect(bridge, address, link_address)


main()
