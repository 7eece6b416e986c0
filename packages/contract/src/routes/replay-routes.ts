import { ReplayBody, ReplayPreview } from "#replay";
import type { Route } from "#routes/route";
import { EXAMPLES } from "#routes/run-examples";
import { Acknowledgement } from "#run";

const base = { mark: "own", tag: "Runs", auth: "key:admin", method: "POST" } as const;
const errors = ["not_found", "workflow_deleted", "no_published_version", "version_unknown", "invalid_flow", "conflict"] as const;

export const REPLAY_ROUTES = [
  {
    ...base,
    id: "replayRun",
    permission: "operate",
    path: "/api/v1/runs/{run}/replay",
    summary: "Run an ended run again",
    description:
      "A new run, acknowledged at once; the old one stays as it is. From where it failed, from a node on, or from the start; in its own version, another, or the draft. Webhooks are not taken over.",
    body: {
      schema: ReplayBody,
      examples: {
        failed: { from: "failed", version: "live" },
        node: { node: "summarise" },
        start: { from: "start", input: { topic: "tides" } },
      },
    },
    responses: { 200: { description: "The new run.", schema: Acknowledgement, examples: { accepted: EXAMPLES.accepted } } },
    errors: [...errors, "invalid_input"],
  },
  {
    ...base,
    id: "previewReplay",
    permission: "operate",
    path: "/api/v1/runs/{run}/replay-preview",
    summary: "What a replay would reuse, and what it would run again",
    description: "Nothing is started.",
    body: { schema: ReplayBody, examples: { failed: { from: "failed", version: "live" } } },
    responses: {
      200: {
        description: "The nodes of the version.",
        schema: ReplayPreview,
        examples: {
          preview: {
            version: "1.0.3",
            reused: [{ nodeId: "fetch", nodeName: "Fetch headlines", nodeType: "http", results: 1 }],
            again: [{ nodeId: "summarise", nodeName: "Summarise", nodeType: "llm", effect: true }],
          },
        },
      },
    },
    errors,
  },
] as const satisfies readonly Route[];
