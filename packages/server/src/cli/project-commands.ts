import type { CommandSpec } from "#cli/command";

/** What `millrace init` begins with where nobody says. */
export const INIT_TEMPLATE = "news";

/** What `millrace dev` serves where a project has no workflows. */
export const DEV_TEMPLATE = "today-news";

/** How a project begins. */
export const PROJECT_COMMANDS = [
  {
    name: "init",
    summary: "make a project from a template: a workflow that runs, its types, checks for CI; nothing is overwritten",
    arguments: [{ name: "dir", summary: "where; default: here", optional: true }],
    flags: [{ name: "template", kind: "text", value: "name", fallback: INIT_TEMPLATE, summary: "as templates list names it" }],
    exits: ["conflict"],
  },
  { name: "templates list", summary: "list the templates that init can begin with" },
] as const satisfies readonly CommandSpec[];
