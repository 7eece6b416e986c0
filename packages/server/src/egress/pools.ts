import { RetryableError } from "@millrace/engine";
import type { Pool } from "undici";
import type { Address } from "#egress/address";
import { type Connect, createConnect } from "#egress/connect";
import type { Dial } from "#egress/dial";
import { KEEP_ALIVE_MS, MAX_KEEP_ALIVE_MS, MAX_RESPONSE_HEADER_BYTES, MAX_SOCKETS_PER_ORIGIN } from "#egress/limits";
import type { Target } from "#egress/target";

/** Open sockets, grouped by origin and checked address: a socket is only ever used for what it was checked for. */
export interface Pools {
  /** True when sockets to this address may be open already. */
  has(target: Target, address: Address): boolean;
  use<T>(target: Target, address: Address, work: (pool: Pool) => Promise<T>): Promise<T>;
  /** Ends all requests and sockets; later uses are refused. */
  close(): Promise<void>;
}

interface Entry {
  readonly pool: Pool;
  /** Requests that run or wait here. */
  users: number;
  /** Connections being made, to be given up when the last user leaves. */
  readonly connecting: Set<AbortController>;
}

export function createPools(dial: Dial, trust: string | undefined): Pools {
  const entries = new Map<string, Entry>();
  let closed = false;
  let undici: Undici | undefined;
  return {
    has: (target, address) => entries.has(poolKey(target, address)),
    async use(target, address, work) {
      undici ??= await loadUndici();
      if (closed) throw stopping();
      const key = poolKey(target, address);
      const entry =
        entries.get(key) ?? openEntry(undici.Pool, target, createConnect(target, address, dial, trust), () => forget(entries, key));
      entries.set(key, entry);
      entry.users += 1;
      try {
        return await work(entry.pool);
      } finally {
        entry.users -= 1;
        if (entry.users === 0) giveUpConnecting(entry);
        forget(entries, key);
      }
    },
    async close() {
      closed = true;
      const open = [...entries.values()];
      entries.clear();
      await Promise.all(open.map(({ pool }) => pool.destroy(stopping())));
    },
  };
}

/**
 * Loaded with the first request: it is the largest import of the server's start.
 * By its default: a bundle knows no other name of a CommonJS module.
 */
const loadUndici = async () => (await import("undici")).default;
type Undici = Awaited<ReturnType<typeof loadUndici>>;

function stopping(): RetryableError {
  return new RetryableError("http_network", "The server is stopping.");
}

function poolKey(target: Target, address: Address): string {
  return `${target.origin} ${address.toString()}`;
}

function openEntry(PoolClass: typeof Pool, target: Target, connect: Connect, onIdle: () => void): Entry {
  const connecting = new Set<AbortController>();
  const pool = new PoolClass(target.origin, {
    ...POOL_OPTIONS,
    connect: (_options, callback) => {
      const stop = new AbortController();
      connecting.add(stop);
      void connect(stop.signal)
        .finally(() => connecting.delete(stop))
        .then(
          (socket) => callback(null, socket),
          (error: Error) => callback(error, null),
        );
    },
  });
  pool.on("disconnect", onIdle);
  return { pool, users: 0, connecting };
}

function giveUpConnecting({ connecting }: Entry): void {
  for (const stop of connecting) stop.abort(new Error("nobody waits for the connection"));
}

/** Drops an entry without users and sockets, so that the map holds no more than is in use. */
function forget(entries: Map<string, Entry>, key: string): void {
  const entry = entries.get(key);
  if (entry === undefined || entry.users > 0 || entry.pool.stats.connected > 0) return;
  entries.delete(key);
  void entry.pool.close();
}

/** The deadline of a request governs its time, so the pool's own timers are off. */
const POOL_OPTIONS = {
  connections: MAX_SOCKETS_PER_ORIGIN,
  pipelining: 1,
  allowH2: false,
  headersTimeout: 0,
  bodyTimeout: 0,
  keepAliveTimeout: KEEP_ALIVE_MS,
  keepAliveMaxTimeout: MAX_KEEP_ALIVE_MS,
  // The pool refuses at its bound, we accept up to ours.
  maxHeaderSize: MAX_RESPONSE_HEADER_BYTES + 1,
};
