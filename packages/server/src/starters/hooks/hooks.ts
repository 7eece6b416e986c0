import { type CreateHookBody, type JsonObject, type Language, LIMITS, type UpdateHookBody } from "@millrace/contract";
import type { Clock } from "#clock";
import { noteTarget } from "#deed";
import { RequestError } from "#request-error";
import type { StartedOnce } from "#runs/start-once";
import { checkTarget } from "#starters/check-target";
import { compileMapping } from "#starters/hooks/mapping";
import { type HookRequest, type ReceivePorts, receive, unknownHook } from "#starters/hooks/receive";
import { NotFound } from "#store/errors";
import type { HookRow, HookSettings, HookStore, OwnedHook } from "#store/hook-store";
import type { StarterFilter } from "#store/schedule-store";
import type { WorkflowStore } from "#store/store";

export interface HooksPorts extends ReceivePorts {
  readonly hooks: HookStore;
  readonly workflows: WorkflowStore;
  readonly clock: Pick<Clock, "now">;
}

/** A hook with what is shown once. */
export interface MadeHook {
  readonly row: HookRow;
  readonly token?: string;
  /** null: the caller's own, or none. */
  readonly secret: string | null;
}

const HOUR_MS = 3_600_000;

/** What people do with hooks, and what requests to them do. */
export class Hooks {
  readonly #ports: HooksPorts;

  constructor(ports: HooksPorts) {
    this.#ports = ports;
  }

  /** The hook of a token. Throws `not_found`, the same for one that never was, was replaced, or is switched off. */
  async admit(token: string): Promise<OwnedHook> {
    const { hooks, tokens, clock } = this.#ports;
    const hook = await hooks.findByToken(tokens.hash(token), clock.now());
    if (!hook?.enabled) throw unknownHook();
    return hook;
  }

  receive(hook: OwnedHook, request: HookRequest): Promise<StartedOnce> {
    return receive(this.#ports, hook, request);
  }

  list(tenantId: string, filter: StarterFilter): Promise<readonly HookRow[]> {
    return this.#ports.hooks.list(tenantId, filter);
  }

  async get(tenantId: string, id: string): Promise<HookRow> {
    const row = await this.#ports.hooks.get(tenantId, id);
    if (!row) throw unknownHook();
    return row;
  }

  async create(tenantId: string, { workflow: named, ...given }: CreateHookBody, language: Language): Promise<MadeHook> {
    const { hooks, workflows, tokens, ids, clock } = this.#ports;
    const workflow = await workflows.get(tenantId, named);
    if (!workflow) throw new RequestError("not_found", { key: "not_found.workflow" });
    const id = ids.objectId();
    const { settings, secret } = this.#settingsOf(tenantId, id, given, DEFAULTS);
    await checkTarget(this.#ports, tenantId, workflow, settings.version, null, language);
    const { token, hash, hint } = tokens.make();
    const now = clock.now();
    const row: HookRow = { ...settings, id, workflowId: workflow.id, tokenHint: hint, previousUntil: null, createdAt: now, updatedAt: now };
    noteTarget("workflow", workflow.id);
    noteTarget("hook", row.id);
    await hooks.create(tenantId, row, hash);
    return { row, token, secret };
  }

  async update(tenantId: string, id: string, given: UpdateHookBody, language: Language): Promise<MadeHook> {
    const { settings, secret } = this.#settingsOf(tenantId, id, given, await this.get(tenantId, id));
    const { workflowId } = await this.get(tenantId, id);
    if (given.version !== undefined) {
      const workflow = await this.#ports.workflows.get(tenantId, workflowId);
      await checkTarget(this.#ports, tenantId, workflow, settings.version, null, language);
    }
    await known(() => this.#ports.hooks.update(tenantId, id, settings, this.#ports.clock.now()));
    return { row: await this.get(tenantId, id), secret };
  }

  async rotate(tenantId: string, id: string, overlapHours: number): Promise<MadeHook> {
    const { token, hash, hint } = this.#ports.tokens.make();
    const now = this.#ports.clock.now();
    await known(() => this.#ports.hooks.rotate(tenantId, id, { hash, hint }, now + overlapHours * HOUR_MS, now));
    return { row: await this.get(tenantId, id), token, secret: null };
  }

  async delete(tenantId: string, id: string): Promise<void> {
    if (!(await this.#ports.hooks.delete(tenantId, id))) throw unknownHook();
  }

  #settingsOf(
    tenantId: string,
    id: string,
    given: UpdateHookBody,
    before: HookSettings,
  ): { settings: HookSettings; secret: string | null } {
    const input = (given.input as JsonObject | undefined) ?? before.input;
    assertMapping(input);
    const { verification, ...kept } = this.#verificationOf(tenantId, id, given, before);
    const settings: HookSettings = {
      name: given.name ?? before.name,
      version: given.version === undefined ? before.version : given.version === "live" ? null : given.version,
      methods: given.methods ?? before.methods,
      headers: given.headers?.map((name) => name.toLowerCase()) ?? before.headers,
      input,
      respond: given.respond ?? before.respond,
      verification,
      maxBodyBytes: given.maxBodyBytes ?? before.maxBodyBytes,
      rateLimit: given.rateLimit ?? before.rateLimit,
      enabled: given.enabled ?? before.enabled,
      secret: kept.sealed,
    };
    return { settings, secret: kept.made };
  }

  /** A change of the verification is a change of its secret: given, or made here. */
  #verificationOf(tenantId: string, id: string, { verification: given }: UpdateHookBody, { verification, secret }: HookSettings) {
    if (!given) return { verification, sealed: secret, made: null };
    const { kind, header = "X-Signature" } = given;
    const asked = { kind, header: kind === "hmac" ? header.toLowerCase() : null };
    if (kind === "none") return { verification: asked, sealed: null, made: null };
    const { tokens } = this.#ports;
    const made = given.secret === undefined ? tokens.makeSecret(kind) : null;
    return { verification: asked, sealed: tokens.seal(tenantId, id, made ?? given.secret ?? ""), made };
  }
}

const DEFAULTS: HookSettings = {
  name: "",
  version: null,
  methods: ["POST"],
  headers: [],
  input: null,
  respond: "accepted",
  verification: { kind: "none", header: null },
  maxBodyBytes: LIMITS.hookBodyBytes.value,
  rateLimit: { requests: 600, windowS: 60 },
  enabled: true,
  secret: null,
};

function assertMapping(input: JsonObject | null): void {
  const problems = input === null ? [] : compileMapping(input).problems;
  if (problems.length === 0) return;
  const errors = problems.map(({ path, message }) => ({ path: `/input${path}`, code: "invalid_value", message }));
  throw new RequestError("invalid_request", { message: errors[0]?.message ?? "", errors });
}

async function known<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw error instanceof NotFound ? unknownHook() : error;
  }
}
