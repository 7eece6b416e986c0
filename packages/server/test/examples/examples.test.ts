import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import type { ApprovalView, Json, JsonObject } from "@millrace/contract";
import { addHandbook, type ExampleWorld, openExamples } from "./harness.ts";

// Every example through HTTP, as it ships: without a setting on the offline model, and with a connection and a default model on a provider's wire.

/** What the provider counts for each answer. */
const USAGE = { prompt_tokens: 30, completion_tokens: 10, total_tokens: 40 };

const FEED = {
  version: "https://jsonfeed.org/version/1.1",
  title: "Canal News",
  items: [
    { id: "1", title: "Lock closed", content_html: "<p>The lock is closed on <b>Monday</b>.</p>" },
    { id: "2", title: "Boats", authors: [{ name: "Ann" }], content_text: "Boats wait at the basin." },
    { id: "3", title: "Empty", content_text: " " },
  ],
};

let feed: Server;
before(async () => {
  feed = createServer((_, response) => response.writeHead(200, { "Content-Type": "application/feed+json" }).end(JSON.stringify(FEED)));
  await new Promise<void>((resolve) => feed.listen(0, "127.0.0.1", resolve));
});
after(() => {
  feed.close();
});
const feedHost = () => `127.0.0.1:${(feed.address() as AddressInfo).port}`;

/** A value of the output. */
const at = (run: JsonObject, name: string): Json | undefined => (run["output"] as JsonObject)[name];

for (const on of ["offline", "model server"] as const) {
  describe(`on the ${on === "offline" ? "offline model" : "model server"}`, () => {
    let world: ExampleWorld;
    /** What a model server says where a prompt matches, and the count of its answers. */
    let answer: (prompt: string | RegExp, content: string) => void;
    before(async () => {
      world = await openExamples(on, feedHost());
      answer = (prompt, content) => void world.models?.onMessage(prompt, { content, usage: USAGE });
    });
    after(() => world.close());

    /** Tokens are the provider's own counts; a run on the offline model costs nothing. */
    function assertCounted(run: JsonObject, calls: number): void {
      if (on === "model server") assert.equal(run["totalTokens"], calls * USAGE.total_tokens);
      assert.equal(run["totalCost"], 0);
    }

    test("today's news: the seed's shape, from the file, the request and a feed", async () => {
      answer("planet", "Water was seen far away.");
      answer(/lock|Boats/, "Canal summary.");
      const own = await world.run("today-news", { topic: "planet" });
      const [article] = at(own, "news") as JsonObject[];
      assert.deepEqual(Object.keys(article ?? {}), ["summary", "media", "title"]);
      const offline = "Science calls for a second look at the planet. The next observation of the planet is planned for May.";
      assert.deepEqual(at(own, "news"), [
        {
          summary: on === "offline" ? offline : "Water was seen far away.",
          media: "Night Sky Journal",
          title: "Water vapour found around an Earth-sized planet",
        },
      ]);
      assertCounted(own, 1);
      const fetched = await world.run("today-news", { topic: "News", feed: `http://${feedHost()}/feed.json` });
      const summaries =
        on === "offline" ? ["The lock is closed on Monday .", "Boats wait at the basin."] : ["Canal summary.", "Canal summary."];
      assert.deepEqual(at(fetched, "news"), [
        { summary: summaries[0], media: "Canal News", title: "Lock closed" },
        { summary: summaries[1], media: "Ann", title: "Boats" },
      ]);
      assertCounted(fetched, 2);
      const supplied = await world.run("today-news", { topic: "boat", articles: [{ title: "T", text: "Boats wait at the basin." }] });
      assert.deepEqual(at(supplied, "news"), [{ summary: summaries[1], media: "", title: "T" }]);
      assert.deepEqual(at(await world.run("today-news", { topic: "x", articles: [] }), "news"), []);
    });

    test("support router: answers a question, asks a person for a refund, hands on the rest", async () => {
      answer(/^When are you open/, "1");
      answer(/Parcels leave[\s\S]*When are you open/, "Until 14.");
      answer("money back", "2");
      answer("xyzzy", "3");
      const question = await world.run("support-router", { message: "When are you open on Saturdays?" });
      const open = "Our shop in Mill Street is open from 9 to 18 on weekdays and from 10 to 14 on Saturdays.";
      assert.deepEqual(question["output"], { reply: on === "offline" ? open : "Until 14.", intent: "question", decidedBy: null });
      assertCounted(question, 2);
      const other = await world.run("support-router", { message: "xyzzy" });
      assert.deepEqual(other["output"], { reply: "A colleague will write to you.", intent: "other", decidedBy: null });
      const key = await world.publish("support-router");
      const input = { message: "I want my money back, please", order: "A-17" };
      const runId = String((await world.server.invoke(key, { input, isAsync: true })).json["workflowRunId"]);
      const approval = await asked(runId);
      assert.deepEqual([approval.title, approval.message], ["Refund for order A-17", input.message]);
      const decided = await world.manage("POST", `/approvals/${approval.id}/decide`, { action: "approve", form: { amount: 49.9 } });
      assert.equal(decided.status, 200, decided.text);
      const { json } = await ended(key, runId);
      assert.equal(at(json, "reply"), "You get 49.9 back within five days.", JSON.stringify(json));
      assertCounted(json, 1);
    });

    async function asked(runId: string): Promise<ApprovalView> {
      for (;;) {
        const { json } = await world.manage("GET", `/approvals?run=${runId}`);
        const [approval] = json["data"] as unknown as ApprovalView[];
        if (approval) return approval;
      }
    }

    async function ended(key: string, runId: string) {
      for (;;) {
        const answered = await world.server.query(key, runId);
        if (answered.json["endTime"] !== undefined) return answered;
      }
    }

    test("answers from documents: with their sources, and without asking where nothing is found", async () => {
      answer("days of leave", "28 days.");
      await addHandbook(world);
      const leave =
        "Everybody has 28 days of leave a year. Leave that is not taken expires at the end of March of the next year. Apply for leave two weeks before it begins.";
      const run = await world.run("document-answers", { question: "How many days of leave are there?" });
      assert.equal(at(run, "answer"), on === "offline" ? leave : "28 days.", JSON.stringify(run));
      const [source] = at(run, "sources") as JsonObject[];
      assert.deepEqual([source?.["document"], source?.["headings"], source?.["score"]], ["handbook.md", ["Handbook", "Leave"], 1]);
      assertCounted(run, 1);
      const nothing = await world.run("document-answers", { question: "xyzzy" });
      assert.deepEqual(nothing["output"], { answer: "The documents do not say it.", sources: [] });
      assertCounted(nothing, 0);
    });

    const INVOICE = {
      invoiceNumber: "2026-0117",
      invoiceDate: "2026-03-05",
      dueDate: "2026-04-04",
      currency: "EUR",
      lines: [
        { name: "Millstone", quantity: 2, unitPrice: 450 },
        { name: "Grain sieve", quantity: 3, unitPrice: 35.5 },
        { name: "Delivery", quantity: 1, unitPrice: 40 },
      ],
      total: 1046.5,
    };

    test("read an invoice: typed JSON, from a text and a file, and whether its lines add up", async () => {
      answer("2026-0117", JSON.stringify(INVOICE));
      answer("B-1", JSON.stringify({ ...INVOICE, invoiceNumber: "B-1", lines: INVOICE.lines.slice(0, 1), total: 901 }));
      const run = await world.run("read-invoice", {});
      assert.deepEqual(run["output"], { ...INVOICE, sumOfLines: 1046.5, addsUp: true });
      assertCounted(run, 1);
      const lines = [
        "Invoice number: B-1",
        "Invoice date: 2026-03-05",
        "Currency: EUR",
        "- Millstone: 2 x 450.00",
        "- Sack: 1 x 0.00",
        "Total: 901.00",
      ];
      const base64_content = Buffer.from(lines.join("\n")).toString("base64");
      const wrong = await world.run("read-invoice", { invoice: { name: "b.txt", format: "txt", base64_content } });
      assert.deepEqual([at(wrong, "invoiceNumber"), at(wrong, "total"), at(wrong, "addsUp")], ["B-1", 901, false], JSON.stringify(wrong));
    });

    test("shop assistant: an agent uses its tools, which are workflows, and answers from what they say", async () => {
      const asking = (turn: number, name: string, input: JsonObject) =>
        void world.models?.onTurn(turn, /lamps/, { toolCalls: [{ name, arguments: JSON.stringify(input) }], usage: USAGE });
      asking(0, "stock", { item: "lamp" });
      asking(1, "delivery", { country: "Japan" });
      world.models?.onTurn(2, /lamps/, { content: "14 lamps, nine days to Japan.", usage: USAGE });
      const run = await world.run("shop-assistant", { question: "How many lamps are in stock?" });
      if (on === "offline") assert.deepEqual([at(run, "answer"), at(run, "used")], ["stock: 14", ["stock"]], JSON.stringify(run));
      else
        assert.deepEqual(
          [at(run, "answer"), at(run, "used")],
          ["14 lamps, nine days to Japan.", ["stock", "delivery"]],
          JSON.stringify(run),
        );
      assertCounted(run, 3);
      if (on === "model server") return;
      const delivery = await world.run("shop-assistant", { question: "How many days does a delivery to Japan take?" });
      assert.deepEqual([at(delivery, "answer"), at(delivery, "used")], ["days: 9", ["delivery"]]);
    });

    test("translate with a glossary: its terms are in place, and a model that loses one is found out", async () => {
      answer("Mühlgraben carries", "Der Mühlgraben führt dem Wasserrad Wasser zu.");
      answer("clean the Mühlgraben", "Schließe das Tor.");
      answer("lunch", "Der Müller ist beim Mittagessen.");
      const run = await world.run("translate-glossary", {});
      const all = at(run, "translations") as JsonObject[];
      assert.deepEqual(
        all.map(({ terms }) => terms),
        [{ "mill race": "Mühlgraben", wheel: "Wasserrad" }, { "sluice gate": "Schütz", "mill race": "Mühlgraben" }, {}],
      );
      const offline = [
        "The Mühlgraben carries water to the Wasserrad.",
        "Close the Schütz before you clean the Mühlgraben.",
        "The miller is at lunch.",
      ];
      const online = ["Der Mühlgraben führt dem Wasserrad Wasser zu.", "Schließe das Tor.", "Der Müller ist beim Mittagessen."];
      assert.deepEqual(
        all.map(({ translation }) => translation),
        on === "offline" ? offline : online,
      );
      assert.deepEqual(
        all.map(({ missing }) => missing),
        [[], on === "offline" ? [] : ["Schütz", "Mühlgraben"], []],
      );
      assert.equal(at(run, "complete"), on === "offline");
      assertCounted(run, 3);
    });
  });
}
