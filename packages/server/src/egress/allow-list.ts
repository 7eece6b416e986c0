import ipaddr from "ipaddr.js";
import { type Address, inNetwork, needsExactEntry, parseAddress } from "#egress/address";

/** What the operator permits beyond public addresses. It only adds. */
export interface AllowList {
  /** A host or suffix entry names this host. */
  permitsName(host: string, port: number): boolean;
  /** An address or network entry covers this address; link-local and metadata addresses need an entry of their own. */
  permitsAddress(address: Address, port: number): boolean;
}

/** An entry that cannot be read; `entry` is its text. */
export class AllowListError extends Error {
  readonly entry: string;
  constructor(entry: string, problem: string) {
    super(`"${entry}" is not an egress entry: ${problem}. Write host[:port], *.suffix[:port] or CIDR[:port], separated by commas.`);
    this.name = "AllowListError";
    this.entry = entry;
  }
}

/** Reads a comma list of `host[:port]`, `*.suffix[:port]` and `CIDR[:port]`. @throws AllowListError naming the first bad entry. */
export function parseAllowList(text: string): AllowList {
  const items = text.split(",").map((item) => item.trim());
  const entries = items.filter((item) => item !== "").map(parseEntry);
  return {
    permitsName: (host, port) => entries.some((entry) => matchesPort(entry, port) && matchesName(entry, host)),
    permitsAddress: (address, port) => entries.some((entry) => matchesPort(entry, port) && coversAddress(entry, address)),
  };
}

type Entry = NameEntry | SuffixEntry | NetworkEntry;
type Port = number | null;

interface NameEntry {
  readonly kind: "name";
  readonly host: string;
  readonly port: Port;
}

interface SuffixEntry {
  readonly kind: "suffix";
  /** With its leading dot. */
  readonly suffix: string;
  readonly port: Port;
}

interface NetworkEntry {
  readonly kind: "network";
  readonly network: Address;
  readonly bits: number;
  readonly port: Port;
}

function matchesPort(entry: Entry, port: number): boolean {
  return entry.port === null || entry.port === port;
}

function matchesName(entry: Entry, host: string): boolean {
  if (entry.kind === "name") return entry.host === host;
  return entry.kind === "suffix" && host.endsWith(entry.suffix);
}

function coversAddress(entry: Entry, address: Address): boolean {
  if (entry.kind !== "network" || !inNetwork(address, entry.network, entry.bits)) return false;
  return entry.bits === addressBits(entry.network) || !needsExactEntry(address);
}

function addressBits(address: Address): number {
  return address.kind() === "ipv4" ? 32 : 128;
}

function parseEntry(item: string): Entry {
  if (item.includes("/")) return parseNetwork(item);
  const bare = parseAddress(item);
  if (bare !== null) return exactAddress(bare, null);
  const [, host, port] = /^(.*?)(?::([^:\]]*))?$/.exec(item) ?? [];
  return parseHost(item, host ?? "", port === undefined ? null : parsePort(item, port));
}

function parseHost(item: string, host: string, port: Port): Entry {
  if (host.startsWith("*.")) return { kind: "suffix", suffix: `.${canonicalHost(item, host.slice(2))}`, port };
  const canonical = canonicalHost(item, host);
  const address = parseAddress(canonical.replace(/^\[(.*)\]$/, "$1"));
  return address === null ? { kind: "name", host: canonical, port } : exactAddress(address, port);
}

/** The spelling that a parsed target has, from the same parser. */
function canonicalHost(item: string, host: string): string {
  if (!/^[^\s/\\?#@*]+$/.test(host)) throw new AllowListError(item, "the host is empty or has a character that no host has");
  const url = URL.parse(`http://${host}/`);
  if (url === null || url.port !== "") throw new AllowListError(item, "the host is not valid");
  return url.hostname.replace(/\.$/, "");
}

function parsePort(item: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new AllowListError(item, "the port is not a number from 1 to 65535");
  return port;
}

function exactAddress(address: Address, port: Port): NetworkEntry {
  return { kind: "network", network: address, bits: addressBits(address), port };
}

/** `10.0.0.0/8`, `10.0.0.0/8:443`, `fd00::/8`, `[fd00::]/8:443`. */
function parseNetwork(item: string): NetworkEntry {
  const [, base, bitsText, port] = /^\[?([^/[\]]+)\]?\/(\d{1,3})(?::([^:]*))?$/.exec(item) ?? [];
  const network = base === undefined ? null : parseAddress(base);
  if (network === null || base === undefined) throw new AllowListError(item, "the network's address is not a full IPv4 or IPv6 address");
  if (base.includes(":") && network.kind() === "ipv4") throw new AllowListError(item, "write an IPv4-mapped network as IPv4");
  const bits = Number(bitsText);
  if (bits > addressBits(network)) throw new AllowListError(item, `the prefix is longer than ${addressBits(network)} bits`);
  refuseHostBits(item, network, bits);
  return { kind: "network", network, bits, port: port === undefined ? null : parsePort(item, port) };
}

/** `10.1.2.3/8` is more often a slip than a wish for all of 10.0.0.0/8. */
function refuseHostBits(item: string, network: Address, bits: number): void {
  const cidr = `${network.toString()}/${bits}`;
  const base = network.kind() === "ipv4" ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr);
  if (base.toString() !== network.toString()) {
    throw new AllowListError(item, `the address has bits behind the prefix; the network is ${base.toString()}/${bits}`);
  }
}
