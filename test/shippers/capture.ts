/** A pcap file of Ethernet frames (magic of microseconds, version 2.4, link type 1). */
export function pcapFile(frames: readonly { atMs: number; bytes: Buffer }[]): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65_535, 16);
  header.writeUInt32LE(1, 20);
  const records = frames.map(({ atMs, bytes }) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(Math.floor(atMs / 1000), 0);
    record.writeUInt32LE((atMs % 1000) * 1000, 4);
    record.writeUInt32LE(bytes.length, 8);
    record.writeUInt32LE(bytes.length, 12);
    return Buffer.concat([record, bytes]);
  });
  return Buffer.concat([header, ...records]);
}

/** A frame with a DNS query for the A record of a name, from 10.0.0.1 to 10.0.0.2. */
export function dnsQuery({ id, name }: { id: number; name: string }): Buffer {
  const labels = name.split(".").map((label) => Buffer.from([label.length, ...Buffer.from(label)]));
  const dns = Buffer.concat([uint16(id, 0x0100, 1, 0, 0, 0), ...labels, Buffer.from([0]), uint16(1, 1)]);
  // A UDP checksum of zero is none.
  const udp = Buffer.concat([uint16(40_000 + id, 53, 8 + dns.length, 0), dns]);
  const source = [10, 0, 0, 1];
  const destination = [10, 0, 0, 2];
  const ip = (checksum: number) =>
    Buffer.concat([
      uint16(0x4500, 20 + udp.length, id, 0x4000, 0x4011, checksum),
      Buffer.from([...source, ...destination]),
    ]);
  const ethernet = Buffer.concat([Buffer.from("020000000002020000000001", "hex"), uint16(0x0800)]);
  return Buffer.concat([ethernet, ip(internetChecksum(ip(0))), udp]);
}

/** RFC 1071. */
function internetChecksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function uint16(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  for (const [at, value] of values.entries()) bytes.writeUInt16BE(value, 2 * at);
  return bytes;
}
