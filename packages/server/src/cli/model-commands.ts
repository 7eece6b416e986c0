import type { CommandSpec } from "#cli/command";
import type { ArgumentSpec } from "#cli/flag";

const PRICED: ArgumentSpec = { name: "model", summary: "connection/model, with * for any characters" };
const amount = (name: string, what: string) =>
  ({ name, kind: "text", value: "credits", summary: `credits for a million tokens of ${what}` }) as const;

/** Models and what they cost. */
export const MODEL_COMMANDS = [
  {
    name: "models list",
    summary: "list the models that workflows may name, with what is known of them and their prices",
    flags: [
      { name: "connection", kind: "text", value: "name", summary: "only those of this connection" },
      { name: "known", kind: "switch", summary: "what is known already: the providers are not asked" },
    ],
    exits: ["auth"],
  },
  {
    name: "models test",
    summary: "ask a model something small; its provider charges for it",
    arguments: [{ name: "model", summary: "connection/model; without one the default model", optional: true }],
    flags: [{ name: "prompt", kind: "text", value: "text", summary: "what to ask; default: for the word OK" }],
    exits: ["no", "auth"],
  },
  {
    name: "prices list",
    summary: "list the prices that were set here, or those that ship for a vendor",
    flags: [{ name: "vendor", kind: "text", value: "vendor", summary: "openai, anthropic, google, …: the prices that ship" }],
    exits: ["auth"],
  },
  {
    name: "prices set",
    summary: "set what a model costs; 100 credits are US$1",
    arguments: [
      PRICED,
      { name: "input", summary: "credits for a million tokens of input; 0: free" },
      { name: "output", summary: "credits for a million tokens of output" },
    ],
    flags: [
      amount("cached", "input that the provider had in its cache; default: as input"),
      amount("reasoning", "output that the model thought; default: as output"),
      amount("input-audio", "speech to be recognised; default: as input"),
      amount("output-audio", "speech; default: as output"),
    ],
    exits: ["auth", "conflict"],
  },
  {
    name: "prices remove",
    summary: "remove a price that was set here; the one that ships holds again",
    arguments: [PRICED],
    exits: ["auth", "notFound", "interrupted"],
  },
] as const satisfies readonly CommandSpec[];
