import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Address, parseAddress } from "#egress/address";
import { AllowListError, checkLiteralUrl, createEgress, parseAllowList } from "#egress/egress";
import { createNetwork, scriptedResolver, startHttp } from "#egress/testing/network";

function address(text: string): Address {
  const parsed = parseAddress(text);
  assert.ok(parsed, text);
  return parsed;
}

const permits = (list: string, url: string) => checkLiteralUrl(url, parseAllowList(list)) === null;

describe("MILLRACE_EGRESS_ALLOW", () => {
  it("adds nothing when it is empty", () => {
    for (const list of ["", " ", ","]) assert.equal(permits(list, "http://127.0.0.1/"), false);
  });

  it("names a host, with or without a port", () => {
    assert.ok(permits("localhost", "http://localhost:11434/"));
    assert.ok(permits(" LOCALHOST. , x.test", "http://localhost/"), "case, spaces and a trailing dot do not matter");
    assert.ok(permits("localhost:11434", "http://localhost:11434/"));
    assert.ok(permits("intranet:443", "https://intranet/"), "the default port is a port");
    assert.ok(!permits("localhost:11434", "http://localhost/"));
    assert.ok(!permits("localhost", "http://a.localhost/"));
    assert.ok(!permits("localhost", "http://127.0.0.1/"), "a name does not name an address");
  });

  it("names everything under a suffix, and not the suffix", () => {
    assert.ok(permits("*.internal", "http://a.b.internal/"));
    assert.ok(permits("*.corp.internal:80", "http://a.corp.internal/"));
    assert.ok(!permits("*.corp.internal:80", "http://a.corp.internal:81/"));
    assert.ok(!permits("*.corp.internal", "http://corp.internal/"));
    assert.ok(!permits("*.corp.internal", "http://acorp.internal/"));
  });

  it("names an address or a network", () => {
    assert.ok(permits("127.0.0.1", "http://127.0.0.1:99/"));
    assert.ok(permits("127.0.0.1:99", "http://2130706433:99/"), "in any spelling of the URL");
    assert.ok(!permits("127.0.0.1:99", "http://127.0.0.1:98/"));
    assert.ok(!permits("127.0.0.1", "http://127.0.0.2/"));
    assert.ok(permits("10.0.0.0/8", "http://10.255.255.255/"));
    assert.ok(!permits("10.0.0.0/8", "http://11.0.0.1.:1/".replace("11.0.0.1", "192.168.0.1")));
    assert.ok(permits("10.0.0.0/8:443", "https://10.1.2.3/"));
    assert.ok(!permits("10.0.0.0/8:443", "http://10.1.2.3/"));
    assert.ok(permits("::1", "http://[::1]:5/"));
    assert.ok(permits("[::1]:5", "http://[::1]:5/"));
    assert.ok(!permits("[::1]:5", "http://[::1]:6/"));
    assert.ok(permits("fd00::/8", "http://[fd12::1]/"));
    assert.ok(permits("[fd00::]/8:80", "http://[fd12::1]/"));
    assert.ok(permits("10.0.0.0/8", "http://[::ffff:10.0.0.1]/"), "an IPv4-mapped literal is the IPv4 address");
  });

  const EXACT_ONLY = [
    "169.254.169.254",
    "169.254.0.1",
    "fe80::1",
    "fd00:ec2::254",
    "fd20:ce::254",
    "100.100.100.200",
    "192.0.0.192",
    "168.63.129.16",
  ];
  for (const text of [...EXACT_ONLY, "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::", "::ffff:0:169.254.169.254", "::169.254.169.254"]) {
    it(`permits ${text} by its own entry only`, () => {
      const cover = parseAllowList("0.0.0.0/0,::/0,169.254.0.0/16,fe80::/10,169.254.169.254/31,fd00:ec2::/64");
      assert.equal(cover.permitsAddress(address(text), 80), false);
      assert.equal(parseAllowList(text.includes(":") ? `[${text}]:80` : `${text}:80`).permitsAddress(address(text), 80), true);
      assert.equal(parseAllowList(`${text}/${text.includes(":") ? 128 : 32}`).permitsAddress(address(text), 80), true);
    });
  }

  it("leaves the other rules in force", () => {
    assert.ok(!permits("localhost", "http://user@localhost/"));
    assert.ok(!permits("localhost", "ftp://localhost/"));
  });

  for (const entry of [
    "*",
    "*.",
    "a.*.b",
    "http://localhost",
    "a b",
    "user@host",
    "host:0",
    "host:65536",
    "host:",
    "host:http",
    "10.0.0.0/33",
    "fd00::/129",
    "10.0.0.0/",
    "10.0.0/8",
    "/8",
    "10.0.0.1/8",
    "fd00::1/8",
    "::ffff:10.0.0.0/104",
    "a:b:80",
    "256.1.1.1",
    "[::1",
    "host/path",
    "fe80::1%eth0",
    ":80",
  ]) {
    it(`refuses the entry ${entry} and names it`, () => {
      assert.throws(
        () => parseAllowList(`good.test,${entry},10.0.0.0/8`),
        (error) => error instanceof AllowListError && error.entry === entry && error.message.includes(`"${entry}"`),
      );
    });
  }

  it("is matched against the connected address as well as the host", async () => {
    const server = await startHttp((_request, response) => response.end("ok"));
    const network = createNetwork(() => server.port);
    const resolver = scriptedResolver({
      "db.test": ["10.1.2.3"],
      "half.test": ["10.1.2.3", "192.168.0.1"],
      "named.corp.internal": ["192.168.0.1"],
      "metadata.corp.internal": ["169.254.169.254"],
    });
    const egress = createEgress({ allow: "10.0.0.0/8,*.corp.internal", dial: network.dial, resolver });
    const call = (url: string) => egress.request({ url, method: "GET" });
    assert.equal((await call("http://db.test/")).status, 200);
    assert.equal((await call("http://named.corp.internal/")).status, 200);
    await assert.rejects(call("http://half.test/"), { type: "egress_denied" });
    await assert.rejects(call("http://metadata.corp.internal/"), { type: "egress_denied" }, "a name never permits a metadata address");
    assert.deepEqual(network.dialled, ["10.1.2.3:80", "192.168.0.1:80"]);
    await egress.close();
    await server.close();
  });

  it("stops the start of an egress with a bad list", () => {
    assert.throws(() => createEgress({ allow: "10.0.0.0/99" }), AllowListError);
  });

  it("judges a webhook URL without resolving its name", () => {
    const none = parseAllowList("");
    assert.equal(checkLiteralUrl("https://hooks.example.com/x", none), null);
    assert.equal(checkLiteralUrl("http://192.168.0.1/", none)?.rule, 5);
    assert.equal(checkLiteralUrl("http://[::1]/", none)?.rule, 6);
    assert.equal(checkLiteralUrl("http://localhost/", none)?.rule, 2);
    assert.equal(checkLiteralUrl("http://a..b/", none)?.rule, 2);
    assert.equal(checkLiteralUrl("nonsense", none)?.rule, 1);
  });
});
