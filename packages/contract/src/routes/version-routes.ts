import * as M from "#management";
import { DOCUMENT_EXAMPLE as document, VERSION_HASH } from "#routes/management-examples";
import type { Route } from "#routes/route";
import * as V from "#versions";

const base = { mark: "own", tag: "Workflows" } as const;

export const VERSION_ROUTES = [
  {
    ...base,
    id: "publish",
    method: "POST",
    path: "/api/v1/workflows/{workflow}/publish",
    auth: "key:version",
    permission: "edit",
    summary: "Publish the draft as a new live version",
    description: "Refused while the draft has errors. A draft equal to the live version makes no new one.",
    body: { schema: M.PublishBody, examples: { publish: { note: "shorter prompt" } } },
    responses: {
      200: {
        description: "The live version.",
        schema: M.PublishAnswer,
        examples: { published: { version: "1.0.2", previousVersion: "1.0.1", changed: true } },
      },
    },
    errors: ["invalid_flow", "not_found", "conflict"],
  },
  {
    ...base,
    id: "listVersions",
    method: "GET",
    path: "/api/v1/workflows/{workflow}/versions",
    auth: "key:version",
    permission: "view",
    summary: "List versions, newest first",
    query: V.VersionsQuery,
    responses: {
      200: {
        description: "One page.",
        schema: V.VersionList,
        examples: {
          page: {
            data: [
              {
                version: "1.0.1",
                note: "2 nodes changed, 1 added",
                changes: { changed: 2, added: 1, edgesAdded: 2 },
                live: true,
                hash: VERSION_HASH,
                createdAt: 1790000400000,
              },
            ],
          },
        },
      },
    },
    errors: ["not_found"],
  },
  {
    ...base,
    id: "getVersion",
    method: "GET",
    path: "/api/v1/workflows/{workflow}/versions/{version}",
    auth: "key:version",
    permission: "view",
    summary: "Read a version with its document",
    query: V.VersionQuery,
    responses: {
      200: {
        description: "The version.",
        schema: V.VersionView,
        examples: {
          version: { version: "1.0.1", note: "shorter prompt", live: true, hash: VERSION_HASH, createdAt: 1790000400000, document },
        },
      },
    },
    errors: ["version_unknown", "not_found"],
  },
  {
    ...base,
    id: "promote",
    method: "POST",
    path: "/api/v1/workflows/{workflow}/promote",
    auth: "key:version",
    permission: "edit",
    summary: "Make a version live",
    description: "An older version too: this is the way back. The draft is untouched.",
    body: { schema: V.PromoteBody, examples: { back: { version: "1.0.0" } } },
    responses: {
      200: {
        description: "The live version.",
        schema: V.PromoteAnswer,
        examples: { back: { version: "1.0.0", previousVersion: "1.0.1" } },
      },
    },
    errors: ["version_unknown", "invalid_flow", "not_found"],
  },
  {
    ...base,
    id: "diffVersions",
    method: "GET",
    path: "/api/v1/workflows/{workflow}/diff",
    auth: "key:version",
    permission: "view",
    summary: "Compare two versions, or a version and the draft",
    description:
      "By meaning: nodes with the fields that differ, edges, settings; layout apart. `live` of a workflow that was never published is an empty one.",
    query: V.DiffQuery,
    responses: {
      200: {
        description: "What has to be changed in `from` to have `to`.",
        schema: V.DiffAnswer,
        examples: {
          changed: {
            from: "1.0.1",
            to: "draft",
            summary: "1 node changed",
            nodes: [
              {
                path: "end",
                id: "end",
                name: "end",
                change: "changed",
                fields: [{ path: "/output/greeting", before: "Hello", after: "Hello, {{ start.name }}" }],
              },
            ],
            edges: { added: [], removed: [] },
            settings: [],
            layout: { moved: 2 },
          },
        },
      },
    },
    errors: ["version_unknown", "not_found"],
  },
] as const satisfies readonly Route[];
