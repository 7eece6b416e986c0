import * as H from "#home";
import { ID } from "#routes/management-examples";
import type { Route } from "#routes/route";

const base = { mark: "own", tag: "Workflows", auth: "key:admin" } as const;

export const HOME_ROUTES = [
  {
    ...base,
    id: "getHome",
    method: "GET",
    path: "/api/v1/home",
    permission: "view",
    summary: "Read how far the first steps are done, and what was edited last",
    responses: {
      200: {
        description: "How far they are.",
        schema: H.HomeView,
        examples: {
          begun: {
            readyMs: 900,
            steps: { ran: true, called: false, built: false, connected: false },
            example: { id: ID, name: "todayNews" },
            recent: [{ id: ID, name: "todayNews", updatedAt: 1790000500000, liveVersion: "1.0.0", differs: false }],
          },
        },
      },
    },
    errors: [],
  },
  {
    ...base,
    id: "listTemplates",
    method: "GET",
    path: "/api/v1/templates",
    permission: "view",
    summary: "List the templates that ship",
    responses: {
      200: {
        description: "All of them.",
        schema: H.TemplateList,
        examples: {
          templates: {
            data: [
              {
                name: "document-answers",
                workflow: "documentAnswers",
                summary: "Answers a question from the documents of the knowledge base `handbook`.",
                nodeTypes: ["start", "knowledge", "condition", "llm", "end"],
                calls: [],
                knowledge: ["handbook"],
              },
            ],
          },
        },
      },
    },
    errors: [],
  },
  {
    ...base,
    id: "useTemplate",
    method: "POST",
    path: "/api/v1/templates/{template}",
    permission: "edit",
    summary: "Make a workflow from a template",
    description:
      "It is published at once, under the template's own name or the next that is free (`todayNews 2`). Workflows that it calls and knowledge bases that it asks come along, where there are none of these names.",
    responses: {
      201: {
        description: "The workflow.",
        schema: H.TemplateAnswer,
        examples: { made: { id: ID, name: "todayNews", version: "1.0.0" } },
      },
    },
    errors: ["not_found", "conflict"],
  },
] as const satisfies readonly Route[];
