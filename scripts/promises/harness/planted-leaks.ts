import type { PlantedBug } from "./plant.ts";

const vault = (name: string, from: string, to: string): PlantedBug => ({ name, file: "secrets/vault.ts", from, to });
const spellings = (name: string, from: string, to: string): PlantedBug => ({ name, file: "secrets/spellings.ts", from, to });

/** What has leaked secrets elsewhere. A search that finds none of these would find nothing else. */
export const PLANTED_LEAKS: readonly PlantedBug[] = [
  {
    name: "x-api-key is missing from what is redacted",
    file: "secrets/connections.ts",
    from: "values: [credential.value] };",
    to: 'values: credential.type === "header" ? [] : [credential.value] };',
  },
  vault("errors are told as they are", "throw redactor.error(thrown);", "throw thrown;"),
  vault("only the node's own secrets are looked for", "workflow.secrets, node.secrets,", "node.secrets, node.secrets,"),
  spellings("base64 is known from its beginning only", "[0, 1, 2].map", "[0].map"),
  spellings("hex is not known", "[plain(value), hex(bytes),", "[plain(value),"),
  spellings(
    "URLs are known in upper case only",
    'anyCase(byte.toString(16).padStart(2, "0"))',
    'byte.toString(16).padStart(2, "0").toUpperCase()',
  ),
  {
    name: "spans have URLs as they are",
    file: "telemetry/request-watch.ts",
    from: "shows(text) ? undefined : text",
    to: "shows(text) ? text : text",
  },
  {
    name: "the value lies beside what is sealed",
    file: "secrets/secrets.ts",
    from: "{ facts: {}, sealed }",
    to: "{ facts: { value }, sealed }",
  },
];
