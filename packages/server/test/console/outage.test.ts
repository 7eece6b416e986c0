import assert from "node:assert/strict";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { inChromium, visit } from "#testing/chromium";
import { document, start } from "#testing/workflows";
import { Project } from "../cli/harness.ts";

// A server that is killed while somebody looks at it, and comes back.

let project: Project;
let asked: Server;
/** Answers that are waited for, by the process that asked first. */
const waiting: ServerResponse[] = [];
let arrived = Promise.withResolvers<void>();
before(async () => {
  asked = createServer((_request, response) => {
    waiting.push(response);
    arrived.resolve();
  });
  await new Promise<void>((resolve) => asked.listen(0, "127.0.0.1", resolve));
  project = new Project();
});
after(async () => {
  asked.closeAllConnections();
  asked.close();
  await project.dispose();
});

test(
  "C26: after a kill -9 the page reads Offline and stays; after the restart the run goes on, and the page says that it was resumed",
  inChromium,
  async () => {
    const host = `127.0.0.1:${(asked.address() as AddressInfo).port}`;
    const nodes = [start({}), { id: "ask", type: "http", request: { url: `http://${host}/` } }, { id: "end", type: "end", output: {} }];
    project.write("flows/asks.json", document("asks", nodes, ["start -> ask", "ask -> end"]));
    const env = { MILLRACE_EGRESS_ALLOW: host };
    const first = await project.dev(["--port", "0"], { env });
    const [, port = ""] = /API +http:\/\/[^:\s]+:(\d+)/.exec(first.stdout() + first.stderr()) ?? [];
    const site = { port: Number(port) };
    await visit(site, { expected: /ERR_|status of/ }, async (page) => {
      await page.goto("/runs");
      await page.getByRole("link", { name: /embedded/ }).waitFor();
      const invoked = await project.run(["invoke", "asks", "--async"], { env });
      assert.equal(invoked.status, 0, invoked.stderr);
      await arrived.promise;
      await page.getByRole("row", { name: /Running.*asks/ }).waitFor();
      arrived = Promise.withResolvers<void>();
      await first.end("SIGKILL");
      await page.getByRole("link", { name: /Offline/ }).waitFor();
      await page.getByRole("row", { name: /asks/ }).waitFor();
      await project.dev(["--port", port], { env });
      await arrived.promise;
      await page.getByRole("link", { name: /embedded/ }).waitFor();
      await page.getByRole("row", { name: /Running.*asks/ }).waitFor();
      waiting.at(-1)?.end("{}");
      await page.getByRole("row", { name: /Succeeded.*asks/ }).waitFor();
      await page.getByRole("table", { name: "Runs" }).getByRole("link").first().click();
      await page.getByText(/^The process was lost while ask ran\. The run was taken over/).waitFor();
    });
  },
);
