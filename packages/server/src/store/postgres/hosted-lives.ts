import { Fenced } from "#store/errors";
import type { Committer } from "#store/postgres/committer";
import type { CutOffLife, HostedLife, HostedLifeStore } from "#store/shared-store";
import { number, text } from "#store/sql/rows";
import { all, run, type Steps } from "#store/sql/steps";

const BEGIN = `
  INSERT INTO hosted_lives (tenant_id, run_id, owner, progress)
  SELECT tenant_id, id, ?, ?::bigint FROM runs WHERE tenant_id = ? AND id = ? AND fence = ? AND ended_at IS NULL
  ON CONFLICT (tenant_id, run_id, owner) DO UPDATE SET progress = excluded.progress`;
const CUT_OFF = `
  SELECT lives.owner, workers.beat FROM hosted_lives AS lives
  LEFT JOIN workers ON workers.owner = lives.owner
  WHERE lives.tenant_id = ? AND lives.run_id = ? AND lives.progress = ? AND lives.owner <> ?`;
const HOLD_BACK = "DELETE FROM hosted_lives WHERE tenant_id = ? AND run_id = ? AND owner = ?";
const FORGET = "DELETE FROM hosted_lives WHERE tenant_id = ? AND run_id = ? AND progress < ?";
const TIDY = `
  DELETE FROM hosted_lives AS lives
  WHERE NOT EXISTS (SELECT FROM runs WHERE tenant_id = lives.tenant_id AND id = lives.run_id AND ended_at IS NULL)`;

export class PostgresHostedLives implements HostedLifeStore {
  readonly #committer: Committer;

  constructor(committer: Committer) {
    this.#committer = committer;
  }

  begin(owner: string, life: HostedLife): Promise<void> {
    return this.#committer.write(() => begin(owner, life));
  }

  async holdBack(owner: string, { tenantId, runId }: HostedLife): Promise<void> {
    await this.#committer.write(() => run(HOLD_BACK, tenantId, runId, owner));
  }

  cutOff(owner: string, life: HostedLife): Promise<readonly CutOffLife[]> {
    return this.#committer.write(() => cutOff(owner, life));
  }

  async letGo(owner: string): Promise<void> {
    await this.#committer.write(() => run("DELETE FROM hosted_lives WHERE owner = ?", owner));
  }

  async tidy(): Promise<void> {
    await this.#committer.write(() => run(TIDY));
  }
}

function* begin(owner: string, { tenantId, runId, fence, progress }: HostedLife): Steps<void> {
  if ((yield* run(BEGIN, owner, progress, tenantId, runId, fence)) !== 1) throw new Fenced(runId);
  yield* run(FORGET, tenantId, runId, progress);
}

function* cutOff(owner: string, { tenantId, runId, progress }: HostedLife): Steps<readonly CutOffLife[]> {
  const rows = yield* all(CUT_OFF, tenantId, runId, progress, owner);
  return rows.map((row) => ({ owner: text(row, "owner"), beat: row["beat"] === null ? null : number(row, "beat") }));
}
