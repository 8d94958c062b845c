import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy between client and sshd that can fail the ways that networks do. */
export interface TcpProxy {
  readonly port: number;
  /** Bytes that went from clients to the server so far. */
  sentBytes(): number;
  /** Bytes that came back so far. */
  receivedBytes(): number;
  /** How often clients spoke after the server had: each time one round trip was waited for. */
  turns(): number;
  /** Connections accepted so far. */
  connections(): number;
  /** Drops every connection there is; new ones work. */
  cut(): void;
  /** Drops the connection once that many more bytes went to the server. */
  cutAfterBytes(bytes: number): void;
  /** Loses every byte of the connections that there are, without a word; new ones work. */
  stall(): void;
  /** Refuses connections until `accept`. */
  refuse(): void;
  accept(): void;
  close(): Promise<void>;
}

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const stalled = new WeakSet<Socket>();
  let sent = 0;
  let received = 0;
  let turns = 0;
  let serverSpoke = true;
  let connections = 0;
  let refusing = false;
  let bytesLeft = Infinity;
  const cut = (): void => {
    bytesLeft = Infinity;
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const server = createServer((client) => {
    if (refusing) {
      client.resetAndDestroy();
      return;
    }
    connections += 1;
    const upstream = createConnection(targetPort, '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    upstream.on('data', (chunk) => {
      received += chunk.length;
      serverSpoke = true;
      if (!stalled.has(upstream)) client.write(chunk);
    });
    client.on('data', (chunk) => {
      if (stalled.has(client)) return;
      const passed = chunk.subarray(0, bytesLeft);
      sent += passed.length;
      if (serverSpoke) turns += 1;
      serverSpoke = false;
      bytesLeft -= passed.length;
      upstream.write(passed, () => {
        if (bytesLeft <= 0) cut();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    sentBytes: () => sent,
    receivedBytes: () => received,
    turns: () => turns,
    connections: () => connections,
    cut,
    cutAfterBytes(bytes) {
      bytesLeft = bytes;
    },
    stall() {
      for (const socket of sockets) stalled.add(socket);
    },
    refuse() {
      refusing = true;
      cut();
    },
    accept() {
      refusing = false;
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
