// A server in a process of its own, which dies at the failpoint that its environment names, in a run of three model calls.
// Arguments: data directory, URL of the model server. Prints the key and the run.

import { startTestServer } from "#testing/server";
import { document, start } from "#testing/workflows";
import { connectModels, MODEL } from "./harness.ts";

const [, , dataDir = "", url = ""] = process.argv;
const server = await startTestServer({ dataDir, settings: { egressAllow: new URL(url).host } });
await connectModels(server, url);
const ask = (id: string, prompt: string) => ({ id, type: "llm", model: MODEL, prompt });
const { key } = await server.publish(
  document(
    "killed",
    [
      start({}),
      ask("first", "call one"),
      ask("second", "call two after {{ first.text }}"),
      ask("third", "call three after {{ second.text }}"),
      { id: "end", type: "end", text: "{{ third.text }}" },
    ],
    ["start -> first", "first -> second", "second -> third", "third -> end"],
  ),
);
const { json } = await server.invoke(key, { input: {}, isAsync: true });
process.stdout.write(`${key} ${String(json["workflowRunId"])}\n`);
