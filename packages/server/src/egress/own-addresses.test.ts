import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { describe, it } from "node:test";
import { OWN_ADDRESSES_MAX_AGE_MS } from "#egress/limits";
import { createOwnAddresses } from "#egress/own-addresses";

describe("the machine's own addresses", () => {
  it("are those of all interfaces", () => {
    const own = createOwnAddresses()();
    const ipv4 = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).filter(({ family }) => family === "IPv4"));
    assert.ok(ipv4.length > 0);
    for (const { address } of ipv4) assert.ok(own.has(address), address);
  });

  it("are listed again when the list is old, not before", () => {
    let now = 0;
    const ownAddresses = createOwnAddresses(() => now);
    const first = ownAddresses();
    now = OWN_ADDRESSES_MAX_AGE_MS - 1;
    assert.equal(ownAddresses(), first);
    now = OWN_ADDRESSES_MAX_AGE_MS;
    assert.notEqual(ownAddresses(), first);
  });
});
