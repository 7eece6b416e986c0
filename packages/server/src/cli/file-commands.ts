import type { CommandSpec } from "#cli/command";
import { FILES, WORKFLOW } from "#cli/shared-specs";

/** Workflows as files. */
export const FILE_COMMANDS = [
  {
    name: "fmt",
    summary: "put workflow files into canonical form; comments are kept",
    arguments: [FILES],
    flags: [{ name: "check", kind: "switch", summary: "write nothing; exit 3 where a file differs" }],
    exits: ["no"],
  },
  {
    name: "types",
    summary: "write what each workflow takes and gives, as TypeScript types for the SDK",
    arguments: [FILES],
    flags: [
      { name: "out", kind: "text", value: "file", fallback: "millrace.d.ts", summary: "where; -o FILE says the same" },
      { name: "check", kind: "switch", summary: "write nothing; exit 3 where the file differs" },
    ],
    exits: ["no"],
  },
  {
    name: "diff",
    summary: "print what differs by meaning: the files from the server's drafts, or two of a file, news@draft, news@live, news@1.0.3",
    arguments: [
      { name: "a", summary: "from; default: the drafts, compared with ./flows", optional: true },
      { name: "b", summary: "to; default: the draft, or of a draft what is live", optional: true },
    ],
    flags: [{ name: "exit-code", kind: "switch", summary: "exit 3 where something differs" }],
    exits: ["no", "auth", "notFound"],
  },
  {
    name: "pull",
    summary: "write the server's drafts into the files of ./flows; comments are kept",
    arguments: [{ name: "workflows", summary: "ids or names; default: those that have a file", optional: true, many: true }],
    flags: [{ name: "all", kind: "switch", summary: "every workflow, a new file for each that has none" }],
    exits: ["no", "auth", "notFound", "interrupted"],
  },
  {
    name: "export",
    summary: "print a workflow's draft, or a version, as a file in canonical form",
    arguments: [WORKFLOW],
    flags: [
      { name: "version", kind: "text", value: "version", fallback: "draft", summary: "draft, live, or the name of a version" },
      { name: "to", kind: "text", value: "file", summary: "write it there; .json: as JSON, .flow: as a GPTBots file" },
      {
        name: "format",
        kind: "text",
        value: "format",
        values: ["millrace", "flow"],
        summary: "flow: a GPTBots file, or every reason why there is none; default: what --to ends in, else millrace",
      },
    ],
    exits: ["no", "auth", "notFound", "interrupted"],
  },
] as const satisfies readonly CommandSpec[];
