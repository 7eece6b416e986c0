import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Strict: no short forms, no zone identifier. An IPv4-mapped address is returned as the IPv4 address that it means. */
export function parseAddress(text: string): Address | null {
  if (text.includes("%")) return null;
  const family = isIP(text);
  if (family === 0) return null;
  return ipaddr.process(family === 6 ? withoutDots(text) : text);
}

/** The address parser takes `::8.8.8.8` (IPv4-compatible) for `::ffff:8.8.8.8` (IPv4-mapped); in hexadecimal they differ. */
function withoutDots(ipv6: string): string {
  return new URL(`http://[${ipv6}]/`).hostname.slice(1, -1);
}

/** The range rule that refuses the address, or null for a public one. */
export function refusingRangeRule(address: Address): 5 | 6 | null {
  if (address.kind() === "ipv4") return inAny(address, REFUSED_IPV4) ? 5 : null;
  return !inAny(address, GLOBAL_UNICAST) || inAny(address, REFUSED_IPV6) ? 6 : null;
}

/** Link-local and metadata addresses, also when an IPv6 transition address carries them: only an entry for exactly this address permits one. */
export function needsExactEntry(address: Address): boolean {
  if (inAny(address, EXACT_ONLY)) return true;
  const carried = carriedIPv4(address);
  return carried !== null && inAny(carried, EXACT_ONLY);
}

export function inNetwork(address: Address, network: Address, bits: number): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

function inAny(address: Address, networks: readonly Network[]): boolean {
  return networks.some(([network, bits]) => inNetwork(address, network, bits));
}

function carriedIPv4(address: Address): Address | null {
  const bytes = address.toByteArray();
  const found = CARRIERS.find(({ network: [network, bits] }) => inNetwork(address, network, bits));
  return found === undefined ? null : ipaddr.fromByteArray(bytes.slice(found.offset, found.offset + 4));
}

type Network = readonly [network: Address, bits: number];

function networks(...cidrs: readonly string[]): Network[] {
  return cidrs.map((cidr) => ipaddr.parseCIDR(cidr));
}

const REFUSED_IPV4 = networks(
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  // The host agent of a cloud on an address that looks public.
  "168.63.129.16/32",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
);

/** Everything else of IPv6 is refused by not being here: loopback, unique-local, link-local, NAT64, multicast and what is not assigned yet. */
const GLOBAL_UNICAST = networks("2000::/3");

const REFUSED_IPV6 = networks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

const EXACT_ONLY = networks(
  "169.254.0.0/16",
  "fe80::/10",
  "100.100.100.200/32",
  "168.63.129.16/32",
  "192.0.0.192/32",
  "fd00:ec2::254/128",
  "fd20:ce::254/128",
);

/** Prefixes whose addresses are delivered to an IPv4 address inside them; `offset` is its first byte. */
const CARRIERS = [
  { network: onlyNetwork("64:ff9b::/96"), offset: 12 },
  { network: onlyNetwork("64:ff9b:1::/48"), offset: 12 },
  { network: onlyNetwork("2002::/16"), offset: 2 },
  { network: onlyNetwork("::ffff:0:0:0/96"), offset: 12 },
  { network: onlyNetwork("::/96"), offset: 12 },
];

function onlyNetwork(cidr: string): Network {
  return ipaddr.parseCIDR(cidr);
}
