import { readFileSync } from "node:fs";

export interface SampleTarget {
  readonly url: string;
  readonly verdict: "refuse" | "allow";
  readonly why: string;
}

export const TARGETS: readonly SampleTarget[] = JSON.parse(readFileSync(new URL("samples/ssrf-targets.json", import.meta.url), "utf8"));

export const HOSTILE = TARGETS.filter(({ verdict }) => verdict === "refuse");
export const BENIGN = TARGETS.filter(({ verdict }) => verdict === "allow");
