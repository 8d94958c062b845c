/** Addresses as numbers, both ends belong to it. */
export interface AddressRange {
  readonly first: number;
  readonly last: number;
}

/** `10.0.0.1` as a number; the text is an address. */
export function addressNumber(text: string): number {
  return text.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

/** The addresses of `10.77.3.0/24`, network and broadcast included; host bits of the text do not matter. */
export function networkRange(cidr: string): AddressRange {
  const [address = '', prefix = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(prefix));
  const first = Math.floor(addressNumber(address) / size) * size;
  return { first, last: first + size - 1 };
}

/** True where two ranges share an address. */
export function overlaps(one: AddressRange, other: AddressRange): boolean {
  return one.first <= other.last && other.first <= one.last;
}

/** True where an address can be a host's: inside, and neither the network's own nor the broadcast address. */
export function isHostOf(range: AddressRange, address: string): boolean {
  const number = addressNumber(address);
  return number > range.first && number < range.last;
}
