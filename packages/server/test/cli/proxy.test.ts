import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { createCertificate } from "#egress/testing/certificate";
import { Project } from "./harness.ts";

const listen = (server: Server) =>
  new Promise<number>((resolve) => server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port)));

describe("proxies", () => {
  let project: Project;
  let proxy: Server;
  let target: Server;
  let proxyUrl: string;
  let secured: Server | undefined;
  let securedPort = 0;
  const asked: string[] = [];
  before(async () => {
    project = new Project();
    target = createServer((_request, response) => response.end('{"data":[]}'));
    const targetPort = await listen(target);
    proxy = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end('{"data":[]}');
    });
    proxy.on("connect", (request, socket) => {
      asked.push(request.url ?? "");
      // The names that it is asked for are nobody's: it knows where they are.
      const through = connect(request.url?.endsWith(":8443") ? securedPort : targetPort, "127.0.0.1", () =>
        socket.write("HTTP/1.1 200 OK\r\n\r\n"),
      );
      through.pipe(socket).pipe(through);
      for (const end of [through, socket]) end.on("error", () => undefined);
    });
    proxyUrl = `http://127.0.0.1:${await listen(proxy)}`;
  });
  after(async () => {
    for (const server of [proxy, target, ...(secured ? [secured] : [])]) {
      server.closeAllConnections();
      server.close();
    }
    await project.dispose();
  });

  const list = (endpoint: string, env: Record<string, string>) => project.run(["workflows", "list", "--endpoint", endpoint], { env });

  test("L17: HTTP_PROXY is used for a server elsewhere", async () => {
    const { status, stderr } = await list("http://mill.invalid:8080", { HTTP_PROXY: proxyUrl });
    assert.equal(status, 0, stderr);
    assert.ok(
      asked.some((url) => url.includes("mill.invalid:8080")),
      "the proxy resolves the name",
    );
  });

  test("L17: HTTPS_PROXY is used for a server elsewhere that speaks TLS; NO_PROXY names what is reached without it", async () => {
    const { key, cert } = createCertificate(["mill.invalid", "0.0.0.0"]);
    project.write("ca.pem", cert);
    secured = createSecureServer({ key, cert }, (_request, response) => response.end('{"data":[]}'));
    securedPort = await listen(secured);
    const trusting = { HTTPS_PROXY: proxyUrl, NODE_EXTRA_CA_CERTS: project.path("ca.pem") };
    asked.length = 0;
    const through = await list("https://mill.invalid:8443", trusting);
    assert.deepEqual([through.status, asked], [0, ["mill.invalid:8443"]], through.stderr);
    asked.length = 0;
    const direct = await list(`https://0.0.0.0:${securedPort}`, { ...trusting, NO_PROXY: "example.com,0.0.0.0" });
    assert.deepEqual([direct.status, asked], [0, []], direct.stderr);
  });

  test("L17: NO_PROXY and this machine itself are reached without it", async () => {
    const { port } = target.address() as AddressInfo;
    // An address of this machine that is not spelled as a loopback one, and needs no resolver.
    const elsewhere = `http://0.0.0.0:${port}`;
    await list(elsewhere, { HTTP_PROXY: proxyUrl });
    assert.ok(asked.some((url) => url.includes(`0.0.0.0:${port}`)));
    asked.length = 0;
    for (const [endpoint, env] of [
      [elsewhere, { NO_PROXY: "0.0.0.0" }],
      [`http://127.0.0.1:${port}`, {}],
    ] as const) {
      const direct = await list(endpoint, { HTTP_PROXY: proxyUrl, ...env });
      assert.equal(direct.status, 0, direct.stderr);
    }
    assert.deepEqual(asked, []);
  });
});
