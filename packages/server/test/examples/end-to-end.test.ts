import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { JsonObject } from "@millrace/contract";
import { DEFAULT_TENANT } from "#app";
import { createCertificate } from "#egress/testing/certificate";
import { createNetwork } from "#egress/testing/network";
import { addHandbook, EXAMPLES, type ExampleWorld, openExamples } from "./harness.ts";
import { PROJECTS, projectFile, startRelayReceiver } from "./projects.ts";

// Whatever ships, each by its name, from its file to the output of a run over HTTP; nothing is mocked, and nothing is left out. What asks
// models does so twice: on the offline model, as it comes, and on a model server, whose counts are the run's.

const SAMPLES = fileURLToPath(new URL("../../src/flow/testing/samples/", import.meta.url));

interface Shipped {
  readonly input: () => JsonObject;
  /** What the model server says, request by request; absent: nobody is asked. The last of it is in the output. */
  readonly said?: readonly string[];
  readonly prepare?: (world: ExampleWorld) => Promise<void>;
}

const runs = (input: JsonObject, said?: readonly string[]): Shipped => ({ input: () => input, ...(said && { said }) });
const dataOf = (project: string, path: string) => JSON.parse(projectFile(project, path)) as JsonObject;

const SAID = "That is what it says.";
const INVOICE = { invoiceNumber: "2026-0117", invoiceDate: "2026-03-05", currency: "EUR", lines: [], total: 0 };

/** By the name of its workflow. */
const SAMPLE_FILES: { readonly [file: string]: Shipped & { readonly workflow: string } } = {
  "batch-http-lookup.flow": { workflow: "batch_http_lookup", ...runs({ codes: "ab1" }) },
  "demo-workflow.flow": { workflow: "Demo Workflow", ...runs({ q: "a" }) },
  "intent-support-router.flow": {
    workflow: "intent_support_router",
    ...runs({ message: "I want my money back, this is urgent.", orderId: "A7" }, ["2", JSON.stringify({ reply: SAID, urgent: true })]),
  },
  "loop-running-total.flow": { workflow: "loop_running_total", ...runs({ amounts: [10, 5], labels: ["a", "b"] }) },
  "nested-conditions.flow": { workflow: "nested_conditions", ...runs({ country: "JP", weight: 25 }) },
};

const TEMPLATES: { readonly [name: string]: Shipped } = {
  "convert-prices": runs({}),
  "document-answers": { ...runs({ question: "How many days of leave are there?" }, [SAID]), prepare: addHandbook },
  news: runs({ topic: "ferry" }, [SAID]),
  "read-invoice": runs({}, [JSON.stringify(INVOICE)]),
  "review-digest": runs({}, [SAID, SAID, SAID]),
  "shop-assistant": runs({ question: "How many lamps are in stock?" }, [SAID]),
  "support-router": runs({ message: "When are you open on Saturdays?" }, ["1", SAID]),
  "today-news": runs({ topic: "planet" }, [SAID]),
  "translate-glossary": runs({}, [SAID, SAID, SAID]),
};

let receiver: Awaited<ReturnType<typeof startRelayReceiver>>;
const PROJECT_FOLDERS: { readonly [name: string]: Shipped } = {
  "clean-contacts": { input: () => ({ csv: projectFile("clean-contacts", "data/contacts.csv") }) },
  "http-relay": { input: () => ({ order: { id: "A-1", lines: [{ sku: "SIEVE" }] }, receiver: receiver.url }) },
  // A summary of each of its nine pieces, and one of the whole.
  "long-document": { input: () => ({ text: projectFile("long-document", "data/alice.md") }), said: Array.from({ length: 10 }, () => SAID) },
  "nightly-report": runs({ settleMinutes: 0 }),
  "order-pricing": { input: () => dataOf("order-pricing", "orders.json") },
};

let stations: Server;
const certificate = createCertificate(["api.example.com"]);
before(async () => {
  stations = createServer(certificate, (_, response) => {
    response.writeHead(200, { "Content-Type": "application/json" }).end('{"name":"Abel"}');
  });
  await new Promise<void>((resolve) => stations.listen(0, "127.0.0.1", resolve));
  receiver = await startRelayReceiver();
});
after(() => {
  stations.close();
  receiver.stop();
});

test("every sample, every template and every project has its line here", () => {
  for (const [folder, lines] of [
    [SAMPLES, SAMPLE_FILES],
    [EXAMPLES, TEMPLATES],
    [PROJECTS, PROJECT_FOLDERS],
  ] as const)
    assert.deepEqual(readdirSync(folder).sort(), Object.keys(lines).sort());
});

/** What each answer of the model server costs, by its own count. */
const USAGE = { prompt_tokens: 30, completion_tokens: 10, total_tokens: 40 };

for (const on of ["offline", "model server"] as const)
  describe(on === "offline" ? "with nothing set" : "on a model server", () => {
    let world: ExampleWorld;
    let script: string[];
    before(async () => {
      const { port } = stations.address() as AddressInfo;
      const { dial } = createNetwork((address, asked) => (address === "127.0.0.1" ? asked : port));
      const egress = { trust: certificate.cert, dial, resolver: { resolve: async () => ["93.184.216.34"] } };
      world = await openExamples(on, "127.0.0.1", { egress });
      world.models?.on({}, () => ({ content: script.shift() ?? "Nobody expected this.", usage: USAGE }));
    });
    after(() => world.close());

    async function endsWell(key: string, { input, said, prepare }: Shipped): Promise<void> {
      await prepare?.(world);
      script = [...(said ?? [])];
      world.models?.clearRequests();
      const { json, text } = await world.server.invoke(key, { input: input() });
      assert.equal(json["status"], "SUCCEED", text);
      assert.ok(
        Object.values(json["output"] as JsonObject).some((value) => value !== null && value !== ""),
        text,
      );
      if (on === "offline") {
        assert.equal(json["totalCost"], 0);
        return;
      }
      assert.equal(world.models?.getRequests().length, said?.length ?? 0, text);
      assert.equal(json["totalTokens"], (said?.length ?? 0) * USAGE.total_tokens);
      if (said?.at(-1)?.includes(SAID)) assert.ok(text.includes(SAID), text);
    }

    for (const [file, { workflow, ...shipped }] of Object.entries(SAMPLE_FILES))
      test(file, async () => {
        const { key: admin } = await world.server.app.apiKeys.create(DEFAULT_TENANT, { scopes: ["admin"] });
        const body = readFileSync(`${SAMPLES}${file}`);
        const imported = await world.server.call("POST", "/api/v1/import?publish=true", { key: admin, body });
        assert.equal(imported.status, 200, imported.text);
        await endsWell((await world.server.app.apiKeys.create(DEFAULT_TENANT, { workflows: [workflow] })).key, shipped);
      });

    for (const [root, lines] of [
      [EXAMPLES, TEMPLATES],
      [PROJECTS, PROJECT_FOLDERS],
    ] as const)
      for (const [name, shipped] of Object.entries(lines)) test(name, async () => endsWell(await world.publish(name, root), shipped));
  });
