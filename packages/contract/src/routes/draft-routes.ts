import * as D from "#drafts";
import { DOCUMENT_EXAMPLE as document, ID } from "#routes/management-examples";
import type { Route } from "#routes/route";
import { EXAMPLES } from "#routes/run-examples";
import { Acknowledgement } from "#run";

const draftEntry = {
  entry: 6,
  outcome: "refused",
  revision: 3,
  savedAt: 1790000500000,
  savedBy: { kind: "member", id: ID, name: "ada@example.com" },
  editor: "tab-5f1c",
  bytes: 412,
} as const;
const base = { mark: "own", tag: "Workflows", auth: "key:draft" } as const;

export const DRAFT_ROUTES = [
  {
    ...base,
    id: "listDraftHistory",
    method: "GET",
    path: "/api/v1/workflows/{workflow}/draft/history",
    auth: "key:draft",
    permission: "view",
    summary: "List what the draft was before, newest first",
    description:
      "Each state that was saved, and each save that was refused. Saves of one `editor` in a row are one entry a minute. The last 100 are kept, of 16 MiB together.",
    query: D.DraftHistoryQuery,
    responses: {
      200: { description: "One page.", schema: D.DraftEntryList, examples: { page: { data: [draftEntry], nextCursor: "6" } } },
    },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "getDraftEntry",
    method: "GET",
    path: "/api/v1/workflows/{workflow}/draft/history/{entry}",
    auth: "key:draft",
    permission: "view",
    summary: "Read a former draft or a refused save with its document",
    responses: {
      200: { description: "The entry.", schema: D.DraftEntryDetail, examples: { entry: { ...draftEntry, document } } },
    },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "runDraft",
    method: "POST",
    path: "/api/v1/workflows/{workflow}/draft/runs",
    permission: "edit",
    summary: "Run the draft, one node of it, up to one, or from one on",
    description:
      "Acknowledged at once; the run is read, followed and cancelled like any other, and has the trigger `draft`. What it runs is kept as `draft-…` for as long as one of its runs. Webhooks are not called.",
    body: {
      schema: D.DraftRunBody,
      examples: {
        whole: { input: { name: "Ada" } },
        node: { target: { node: "end", mode: "only" }, pins: { start: { output: { name: "Ada" } } } },
      },
    },
    responses: { 200: { description: "The run.", schema: Acknowledgement, examples: { accepted: EXAMPLES.accepted } } },
    errors: ["not_found", "invalid_flow", "invalid_input", "conflict", "out_of_credits"],
  },
] as const satisfies readonly Route[];
