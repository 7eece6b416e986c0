import assert from "node:assert/strict";
import { test } from "node:test";
import { clientAddress, countedAddress, isForwardedHttps, TrustedProxies } from "#http/client-address";
import type { WireRequest } from "#http/request";

function request(ip: string, headers: { readonly [name: string]: string } = {}): WireRequest {
  return { id: "", url: "/", protocol: "http", host: "", ip, headers, caller: null, workflow: null, quota: null };
}

const PROXIES = new TrustedProxies("10.0.0.0/8, 192.0.2.1, fd00::/8");

for (const [what, ip, forwarded, expected] of [
  ["a client's own word counts for nothing", "203.0.113.5", "198.51.100.1", "203.0.113.5"],
  ["a trusted proxy's does", "10.1.2.3", "198.51.100.1", "198.51.100.1"],
  ["what a client wrote before the proxy did counts for nothing", "10.1.2.3", "127.0.0.1, 198.51.100.1", "198.51.100.1"],
  ["a chain of trusted proxies is followed", "10.1.2.3", "198.51.100.1, 192.0.2.1, fd00::7", "198.51.100.1"],
  ["a chain of proxies alone ends at the first", "10.1.2.3", "10.9.9.9", "10.9.9.9"],
  ["what is no address ends the chain", "10.1.2.3", "198.51.100.1, unknown", "10.1.2.3"],
  ["without the header it is the proxy", "10.1.2.3", "", "10.1.2.3"],
  ["IPv4 on a socket of IPv6 is IPv4", "::ffff:10.1.2.3", "::ffff:198.51.100.1", "198.51.100.1"],
  ["IPv6", "fd00::1", "2001:db8::1", "2001:db8::1"],
] as const) {
  test(`where a request comes from: ${what}`, () => {
    assert.equal(clientAddress(request(ip, forwarded === "" ? {} : { "x-forwarded-for": forwarded }), PROXIES), expected);
  });
}

test("nobody is trusted by default, the own machine included", () => {
  const nobody = new TrustedProxies("");
  for (const ip of ["127.0.0.1", "::1", "10.0.0.1"]) assert.equal(clientAddress(request(ip, { "x-forwarded-for": "1.2.3.4" }), nobody), ip);
});

test("https is believed of a trusted proxy alone, and of the last one", () => {
  const https = (ip: string, value: string) => isForwardedHttps(request(ip, { "x-forwarded-proto": value }), PROXIES);
  assert.deepEqual([https("10.0.0.1", "https"), https("10.0.0.1", "http, HTTPS"), https("10.0.0.1", "https, http")], [true, true, false]);
  assert.deepEqual([https("203.0.113.5", "https"), isForwardedHttps(request("10.0.0.1"), PROXIES)], [false, false]);
});

test("an IPv6 network counts as one address, an IPv4 address as itself", () => {
  assert.equal(countedAddress("198.51.100.1"), "198.51.100.1");
  for (const address of ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::9", "2001:db8:1:2::"])
    assert.equal(countedAddress(address), "2001:db8:1:2::/64", address);
  assert.equal(countedAddress("::1"), "0:0:0:0::/64");
  assert.notEqual(countedAddress("2001:db8:1:3::9"), countedAddress("2001:db8:1:2::9"));
});
