import { BlockList, isIP } from "node:net";
import { header, type WireRequest } from "#http/request";

const FAMILY = { 4: "ipv4", 6: "ipv6" } as const;

/** Proxies whose word is taken for where a request comes from: none, unless the operator names them. */
export class TrustedProxies {
  readonly #list = new BlockList();
  #isEmpty = true;

  /** @param entries addresses and networks (`10.0.0.0/8`), separated by commas */
  constructor(entries: string) {
    for (const entry of entries.split(",").map((text) => text.trim())) {
      if (entry === "") continue;
      add(this.#list, entry);
      this.#isEmpty = false;
    }
  }

  /** Is it the one at the other end of the connection, or does that one hand on for others? */
  isProxy(address: string): boolean {
    if (this.#isEmpty) return false;
    const family = FAMILY[isIP(address) as 4 | 6];
    return family !== undefined && this.#list.check(address, family);
  }
}

function add(list: BlockList, entry: string): void {
  const [network = "", bits] = entry.split("/");
  const family = FAMILY[isIP(network) as 4 | 6];
  if (bits === undefined) list.addAddress(network, family);
  else list.addSubnet(network, Number(bits), family);
}

/** Where the request comes from: the nearest address that no trusted proxy vouches past. */
export function clientAddress(request: WireRequest, proxies: TrustedProxies): string {
  let address = plain(request.ip);
  const hops = header(request, "x-forwarded-for")?.split(",") ?? [];
  while (proxies.isProxy(address)) {
    const before = plain(hops.pop()?.trim() ?? "");
    if (isIP(before) === 0) break;
    address = before;
  }
  return address;
}

/** Did the request reach the trusted proxy over https? */
export function isForwardedHttps(request: WireRequest, proxies: TrustedProxies): boolean {
  const protocols = header(request, "x-forwarded-proto")?.split(",") ?? [];
  return proxies.isProxy(plain(request.ip)) && protocols.at(-1)?.trim().toLowerCase() === "https";
}

/** What attempts are counted by: who has an IPv6 address has a network of 64 bits of them. */
export function countedAddress(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  return `${[...left, ...Array.from({ length: zeros }, () => "0"), ...right].slice(0, 4).join(":")}::/64`;
}

/** IPv4 on a socket of IPv6 is IPv4. */
function plain(address: string): string {
  return address.includes(":") ? address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, "") : address;
}
