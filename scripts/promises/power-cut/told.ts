import type { Sent } from "./trace.ts";

/** What the world has seen until a moment, and may count on after a power cut. */
export interface Told {
  /** Of each run that an answer or a webhook has named: the last status that was told. */
  readonly runs: ReadonlyMap<string, string>;
  /** Idempotency keys of the effects that were sent out: `runId:path`. */
  readonly effects: ReadonlySet<string>;
  /** API keys were handed out. */
  readonly keys: boolean;
}

interface Telling {
  readonly at: number;
  readonly run?: readonly [id: string, status: string];
  readonly effect?: string;
  readonly key?: true;
}

const RUN = /"workflowRunId":"([0-9a-f-]{36})"/;
const STATUS = /"status":"(PENDING|RUNNING|SUCCEED|FAILED)"/;
const EFFECT = /^POST \/effect[\s\S]*?\r\nidempotency-key: (\S+)\r\n/i;
const KEY = /^HTTP\/1\.1 201 [\s\S]*"key":"mr_/;

/** In the order of telling. */
export function tellings(sent: readonly Sent[]): readonly Telling[] {
  return sent.flatMap(({ at, text }): Telling[] => {
    const [runId, status, effect] = [RUN, STATUS, EFFECT].map((pattern) => pattern.exec(text)?.[1]);
    if (effect !== undefined) return [{ at, effect }];
    if (runId !== undefined && status !== undefined) return [{ at, run: [runId, status] }];
    return KEY.test(text) ? [{ at, key: true }] : [];
  });
}

/** What was told before this place on the time line. */
export function toldBefore(all: readonly Telling[], at: number): Told {
  const before = all.filter((one) => one.at < at);
  return {
    runs: new Map(before.flatMap(({ run }) => (run ? [run] : []))),
    effects: new Set(before.flatMap(({ effect }) => effect ?? [])),
    keys: before.some(({ key }) => key),
  };
}
