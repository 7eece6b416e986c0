import { networkInterfaces } from "node:os";
import { parseAddress } from "#egress/address";
import { OWN_ADDRESSES_MAX_AGE_MS } from "#egress/limits";

/** The addresses of this machine's interfaces, in the form that `Address.toString()` gives. */
export type OwnAddresses = () => ReadonlySet<string>;

export function createOwnAddresses(now: () => number = () => performance.now()): OwnAddresses {
  let listedAt = Number.NEGATIVE_INFINITY;
  let listed: ReadonlySet<string> = new Set();
  return () => {
    if (now() - listedAt >= OWN_ADDRESSES_MAX_AGE_MS) {
      listed = listAddresses();
      listedAt = now();
    }
    return listed;
  };
}

function listAddresses(): Set<string> {
  const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  // A link-local address may carry a zone here, although a target never does.
  const parsed = interfaces.map(({ address }) => parseAddress(address.split("%", 1).join("")));
  return new Set(parsed.flatMap((address) => (address === null ? [] : [address.toString()])));
}
