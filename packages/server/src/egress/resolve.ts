import { Resolver as DnsClient, lookup as systemLookup } from "node:dns/promises";
import { RetryableError } from "@millrace/engine";
import { type Address, parseAddress } from "#egress/address";
import { MAX_DNS_RECORDS, RESOLVE_LIMIT_MS } from "#egress/limits";
import { judgeAddress, type Policy } from "#egress/policy";
import { egressDenied } from "#egress/refusal";
import type { Target } from "#egress/target";

export interface Resolver {
  /** All A and AAAA records of the name, as text; rejects when there is none. */
  resolve(name: string, options: ResolveOptions): Promise<readonly string[]>;
}

export interface ResolveOptions {
  /** The operator's allow-list has this name, so names of the machine's own (hosts file, search domains) count too. */
  readonly named: boolean;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/**
 * Asks DNS directly: unlike the system's lookup it can be cancelled and does not queue behind slow names on a few threads.
 * `servers` (`address:port`) replaces the system's name servers.
 */
export function createSystemResolver(servers?: readonly string[]): Resolver {
  return {
    async resolve(name, { named, signal }) {
      if (!named) return queryDns(name, signal, servers);
      const records = await systemLookup(name, { all: true });
      return records.map(({ address }) => address);
    },
  };
}

async function queryDns(name: string, signal: AbortSignal, servers: readonly string[] | undefined): Promise<string[]> {
  // A client each time, so that a changed network configuration is seen.
  const client = new DnsClient({ timeout: 2_000, tries: 2 });
  if (servers !== undefined) client.setServers(servers);
  signal.addEventListener("abort", () => client.cancel(), { once: true });
  const [v4, v6] = await Promise.allSettled([client.resolve4(name), client.resolve6(name)]);
  if (v4.status === "rejected" && v6.status === "rejected") throw v4.reason;
  // IPv4 first: many containers have IPv6 names and no IPv6 route.
  return [v4, v6].flatMap((family) => (family.status === "fulfilled" ? family.value : []));
}

/** Resolves a target to the addresses that may be connected to (rules 3 to 7). Literals ask no resolver. */
export type ResolveTarget = (target: Target) => Promise<readonly Address[]>;

export function createResolveTarget(resolver: Resolver, policy: Policy): ResolveTarget {
  const lookup = createLookup(resolver);
  return async (target) => {
    if (target.literal !== null) return [target.literal];
    const records = await lookup(target.host, policy.allow.permitsName(target.host, target.port));
    return judgeRecords(target, records, policy);
  };
}

function judgeRecords(target: Target, records: readonly string[], policy: Policy): Address[] {
  if (records.length === 0) throw new RetryableError("http_network", "The host name has no address.");
  if (records.length > MAX_DNS_RECORDS)
    throw egressDenied({ rule: 3, reason: `The host name has more than ${MAX_DNS_RECORDS} addresses.` });
  const addresses = records.map(parseAddress);
  // All of them are judged: one refused address among public ones refuses the host.
  const refusals = addresses.map((address) => (address === null ? UNREADABLE : judgeAddress(target, address, policy)));
  const refusal = refusals.find((found) => found !== null);
  if (refusal !== undefined && refusal !== null) throw egressDenied(refusal);
  return addresses.filter((address) => address !== null);
}

const UNREADABLE = { rule: 3, reason: "The host name resolves to something that is not a plain address." } as const;

type Lookup = (name: string, named: boolean) => Promise<readonly string[]>;

/** Lookups of one name at one time are one lookup; nothing is kept afterwards, so that every request and every hop resolves anew. */
function createLookup(resolver: Resolver): Lookup {
  const underWay = new Map<string, Promise<readonly string[]>>();
  return (name, named) => {
    const key = `${named} ${name}`;
    const found = underWay.get(key) ?? resolveInTime(resolver, name, named).finally(() => underWay.delete(key));
    underWay.set(key, found);
    return found;
  };
}

function resolveInTime(resolver: Resolver, name: string, named: boolean): Promise<readonly string[]> {
  const limit = new AbortController();
  return new Promise<readonly string[]>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new RetryableError("http_timeout", `The host name did not resolve within ${RESOLVE_LIMIT_MS} ms.`));
      limit.abort();
    }, RESOLVE_LIMIT_MS);
    void resolver
      .resolve(name, { named, signal: limit.signal })
      .then(resolve, (error: unknown) => reject(unresolved(error)))
      .finally(() => clearTimeout(timer));
  });
}

function unresolved(error: unknown): RetryableError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "no answer";
  return new RetryableError("http_network", `The host name does not resolve: ${code}.`);
}
