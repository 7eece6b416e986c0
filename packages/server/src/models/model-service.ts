import { RetryableError, TerminalError, type Usage } from "@millrace/engine";
import type { CancelSignal, ChatAnswer, ChatCall, Models } from "@millrace/nodes";
import type { Clock } from "#clock";
import type { RateCard } from "#credits/rate-card";
import type { Logger } from "#log";
import { bothFailed, callsForBackup, failure } from "#models/backup";
import { Lines } from "#models/lines";
import type { ModelConnections } from "#models/ports";
import { Pricing } from "#models/pricing";
import { type Counts, countsOf, type ModelProvider } from "#models/provider";
import { type Target, Targets } from "#models/targets";

export interface ModelServicePorts {
  readonly connections: ModelConnections;
  readonly rateCard: Pick<RateCard, "open">;
  /** Where a call names none. */
  readonly defaultModel: string;
  readonly clock: Pick<Clock, "now" | "at">;
  readonly log: Pick<Logger, "warn">;
}

/** Who asks. */
export interface ModelCaller {
  readonly tenantId: string;
  /** Callers of one run take turns as one, and so do those without a run. */
  readonly runId?: string;
}

interface Asked {
  readonly model: string | null;
  readonly signal: CancelSignal;
  readonly timeoutMs: number | null;
}

type Sent<Call> = Omit<Call, "model"> & { readonly model: string };
type Answered<Answer> = Omit<Answer, "counts"> & { readonly model: string; readonly usage: readonly Usage[] };

/**
 * The models of all tenants: finds the connection, waits for its turn there, asks once, and says what it cost. Nothing is asked again here but
 * the backup: whether there is another attempt is for the node's retry policy to say.
 */
export class ModelService {
  readonly #ports: ModelServicePorts;
  readonly #targets: Targets;
  readonly #lines: Lines;
  readonly #pricing: Pricing;

  constructor(ports: ModelServicePorts) {
    this.#ports = ports;
    this.#targets = new Targets(ports.connections, ports.defaultModel);
    this.#lines = new Lines(ports.clock);
    this.#pricing = new Pricing(ports.rateCard, ports.log);
  }

  /** Those that the attempts of a tenant may call. */
  of(caller: ModelCaller): Models {
    return {
      chat: (call) => this.#chat(caller, call),
      embed: (call) => this.#ask(caller, "chat", call, (provider, sent) => provider.embed(sent)),
      speak: (call) => this.#ask(caller, "tts", call, (provider, sent) => provider.speak(sent)),
      transcribe: (call) => this.#ask(caller, "asr", call, (provider, sent) => provider.transcribe(sent)),
    };
  }

  async #chat(caller: ModelCaller, { backup, ...call }: ChatCall): Promise<ChatAnswer> {
    let shown = false;
    const { onDelta } = call;
    const noted: ChatCall["onDelta"] = (delta) => {
      shown = true;
      onDelta?.(delta);
    };
    const { now } = this.#ports.clock;
    const ask = (asked: ChatCall) => this.#ask(caller, "chat", asked, (provider, sent) => timed(provider, sent, now));
    try {
      return await ask(onDelta ? { ...call, onDelta: noted } : call);
    } catch (first) {
      // Whoever has seen the beginning of one answer would take the other for its rest.
      if (!backup?.trim() || shown || call.signal.aborted || !callsForBackup(first)) throw first;
      const answer = await ask({ ...call, model: backup }).catch((second: unknown) => {
        throw bothFailed(first, second);
      });
      return { ...answer, usage: [...first.usage, ...answer.usage] };
    }
  }

  async #ask<Call extends Asked, Answer extends { readonly counts: Counts }>(
    caller: ModelCaller,
    kind: Usage["kind"],
    call: Call,
    send: (provider: ModelProvider, call: Sent<Call>) => Promise<Answer>,
  ): Promise<Answered<Answer>> {
    const { tenantId, runId = "" } = caller;
    const target = await this.#targets.find(tenantId, call.model);
    const { now } = this.#ports.clock;
    const until = now() + Math.min(call.timeoutMs ?? target.timeoutMs, target.timeoutMs);
    const entering = { group: runId, signal: call.signal, timeoutMs: until - now() };
    const leave = await this.#lines.enter(tenantId, target.connection, target.limits, entering);
    let spent: Counts | null = null;
    try {
      const sent = { ...call, model: target.model, timeoutMs: Math.max(1, until - now()) };
      const { counts, ...answer } = await send(target.provider, sent);
      spent = counts;
      return { ...answer, model: target.name, usage: [await this.#pricing.usageOf(tenantId, target, kind, counts)] };
    } catch (thrown) {
      spent ??= thrown instanceof Error ? countsOf(thrown) : null;
      throw await this.#withCost(thrown, tenantId, target, kind, spent);
    } finally {
      leave(spent ? spent.inputTokens + spent.outputTokens : 0);
    }
  }

  /** The error with what its request has cost. */
  async #withCost(thrown: unknown, tenantId: string, target: Target, kind: Usage["kind"], spent: Counts | null): Promise<unknown> {
    if (!spent || !(thrown instanceof TerminalError || thrown instanceof RetryableError)) return thrown;
    return failure(thrown, thrown.message, [await this.#pricing.usageOf(tenantId, target, kind, spent)]);
  }
}

/** Asks, and notes how long the first piece of a streamed answer took. */
async function timed(provider: ModelProvider, call: Sent<ChatCall>, now: () => number) {
  const { onDelta } = call;
  if (!onDelta) return provider.chat(call);
  const began = now();
  let first: number | null = null;
  const answer = await provider.chat({
    ...call,
    onDelta: (delta) => {
      first ??= Math.max(0, now() - began);
      onDelta(delta);
    },
  });
  return first === null ? answer : { ...answer, counts: { ...answer.counts, firstTokenMs: first } };
}
