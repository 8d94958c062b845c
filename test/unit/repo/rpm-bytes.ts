/** What a hand-made RPM says of itself. */
export interface RpmParts {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly epoch?: number;
  readonly architecture?: string;
  /** False makes it a source package. */
  readonly isBinary?: boolean;
  readonly signature?: Buffer;
  readonly payload?: Buffer;
}

type Entry = readonly [tag: number, value: string | number];

/** The bytes of an RPM that no rpm would install, with the layout of one: lead, signature, header, payload. */
export function rpmBytes(parts: RpmParts): Buffer {
  const lead = Buffer.alloc(96);
  lead.writeUInt32BE(0xedabeedb, 0);
  const signature = header([
    [1000, 7],
    [1007, (parts.signature ?? Buffer.from('none')).toString('hex')],
  ]);
  const padding = Buffer.alloc((8 - (signature.length % 8)) % 8);
  const entries: Entry[] = [
    [1000, parts.name],
    [1001, parts.version],
    [1002, parts.release],
    ...(parts.epoch === undefined ? [] : [[1003, parts.epoch] as const]),
    [1022, parts.architecture ?? 'noarch'],
    ...(parts.isBinary === false ? [] : [[1044, 'x.src.rpm'] as const]),
  ];
  return Buffer.concat([lead, signature, padding, header(entries), parts.payload ?? Buffer.from('payload')]);
}

function header(entries: readonly Entry[]): Buffer {
  const index: Buffer[] = [];
  const store: Buffer[] = [];
  let offset = 0;
  for (const [tag, value] of entries) {
    const bytes = typeof value === 'string' ? Buffer.from(`${value}\0`) : int32(value);
    index.push(Buffer.concat([int32(tag), int32(typeof value === 'string' ? 6 : 4), int32(offset), int32(1)]));
    store.push(bytes);
    offset += bytes.length;
  }
  const magic = Buffer.from('8eade80100000000', 'hex');
  return Buffer.concat([magic, int32(entries.length), int32(offset), ...index, ...store]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
