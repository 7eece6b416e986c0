import { createSocket } from "node:dgram";

/** Records by name: `a` and `aaaa` as bytes. A name that is absent does not exist; a family that is `null` is never answered. */
export interface Zone {
  readonly [name: string]: { readonly a: readonly Buffer[] | null; readonly aaaa: readonly Buffer[] | null };
}

export interface DnsServer {
  /** `127.0.0.1:port` */
  readonly address: string;
  /** Resolves when the first question has arrived. */
  readonly asked: Promise<void>;
  close(): Promise<void>;
}

const TYPE_A = 1;

/** A name server on this machine, over UDP. */
export async function startDns(zone: Zone): Promise<DnsServer> {
  const asked = Promise.withResolvers<void>();
  const socket = createSocket("udp4");
  socket.on("message", (query, peer) => {
    asked.resolve();
    const answer = respond(query, zone);
    if (answer !== null) socket.send(answer, peer.port, peer.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked: asked.promise,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function respond(query: Buffer, zone: Zone): Buffer | null {
  const { name, end } = readName(query, 12);
  const type = query.readUInt16BE(end);
  const entry = zone[name.toLowerCase()];
  const records = entry === undefined ? [] : type === TYPE_A ? entry.a : entry.aaaa;
  if (records === null) return null;
  const head = Buffer.alloc(12);
  query.copy(head, 0, 0, 2);
  head.writeUInt16BE(0x8180 | (entry === undefined ? 3 : 0), 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(records.length, 6);
  return Buffer.concat([head, query.subarray(12, end + 4), ...records.map((record) => toRecord(type, record))]);
}

function toRecord(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function readName(message: Buffer, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join("."), end: at + 1 };
}
