// A server in a process of its own, which dies at the failpoint that its environment names while it indexes. Arguments: data directory, base
// URL of the embedding model, how many sections the document has. Says the base's id once the document is kept.

import { openWorld } from "./harness.ts";

const [, , dataDir = "", baseUrl = "", sections = "0"] = process.argv;
const world = await openWorld({ dataDir, settings: { egressAllow: "127.0.0.1" } });
await world.manage("PUT", "/connections/local", { baseUrl, provider: "openai-compatible" });
const base = await world.makeBase("killed", { embeddingModel: "local/grams" });
const text = Array.from({ length: Number(sections) }, (_, at) => `# Section ${at}\n\nThe keeper of lamp ${at} sleeps.`).join("\n\n");
await new Promise((resolve) => process.stdout.write(base, resolve));
await world.manage("POST", `/knowledge/${base}/documents`, { name: "lamps.md", text });
