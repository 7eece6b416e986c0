import type { Action } from "#cli/command";
import { packageVersion } from "#package";

export const run: Action = async ({ output }) => {
  const version = packageVersion();
  const text = `millrace ${version}\n`;
  await output.data({ name: "millrace", version, node: process.versions.node }, { rows: [], names: [version], table: text, text });
};
