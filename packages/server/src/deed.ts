import { AsyncLocalStorage } from "node:async_hooks";

/** What the audit log keeps of something that was asked for. */
export interface NewAuditEntry {
  readonly at: number;
  readonly actor: {
    readonly kind: "member" | "key" | "system" | "nobody";
    readonly id: string | null;
    readonly name: string | null;
  };
  readonly action: string;
  readonly targets: { readonly [kind: string]: string };
  readonly address: string | null;
  /** HTTP status; null: not a request. */
  readonly status: number | null;
  readonly result: "done" | "refused" | "failed";
  readonly requestId: string | null;
}

/** Whose log an entry belongs in. */
export interface AuditRow {
  readonly tenantId: string;
  readonly entry: NewAuditEntry;
}

/** A row of the audit log that goes into the commit of what it tells of. */
export interface Telling extends AuditRow {
  readonly answer: AnswerNote | null;
}

/** What only the store knows, and answers the change with: the name or the row of a target, or the member that did it. */
export type AnswerNote = { readonly is: "target"; readonly kind: string; readonly member?: "id" | "version" } | { readonly is: "actor" };

/** What whoever carries the deed out knew of it. */
export interface DeedNotes {
  /** Who is meant where nobody is signed in yet. */
  readonly actor: ({ readonly tenantId: string } & NewAuditEntry["actor"]) | null;
  readonly targets: { readonly [kind: string]: string };
  readonly answer: AnswerNote | null;
}

/** Null: it is not written down. */
export type Describe = (notes: DeedNotes) => AuditRow | null;

const UNDER_WAY = new AsyncLocalStorage<readonly Deed[]>();

const NONE: readonly never[] = [];

/**
 * What somebody asked for, while it is done: the store writes its row of the audit log in the transaction of the first change that it
 * makes, wherever that is. Later changes of the same deed are told of by that row; one that changed nothing is told of by nobody here.
 */
export class Deed {
  readonly #describe: Describe;
  readonly #targets: { [kind: string]: string } = {};
  #actor: DeedNotes["actor"] = null;
  #answer: AnswerNote | null = null;
  #state: "open" | "told" | "closed" = "open";
  /** The change that has the row with it. */
  #asked: PromiseWithResolvers<void> | null = null;

  constructor(describe: Describe) {
    this.#describe = describe;
  }

  /** More than one where a change is of several. */
  static underWay(): readonly Deed[] {
    return UNDER_WAY.getStore() ?? NONE;
  }

  /** Whatever the action brings about is theirs, until they are closed. */
  static carryOutAll<T>(deeds: readonly Deed[], action: () => T): T {
    return UNDER_WAY.run(deeds, action);
  }

  carryOut<T>(action: () => T): T {
    return Deed.carryOutAll([this], action);
  }

  get notes(): DeedNotes {
    return { actor: this.#actor, targets: this.#targets, answer: this.#answer };
  }

  noteActor(actor: NonNullable<DeedNotes["actor"]>): void {
    this.#actor = actor;
  }

  noteTarget(kind: string, id: string): void {
    this.#targets[kind] = id;
  }

  noteAnswer(answer: AnswerNote): void {
    this.#answer = answer;
  }

  /** The row, for a change that begins; null where there is none to write, or another change has it. What comes of it is told to `settle`. */
  offer(): Telling | null {
    const described = this.#state === "open" && !this.#asked ? this.#describe(this.notes) : null;
    if (!described) return null;
    this.#asked = Promise.withResolvers();
    return { ...described, answer: this.#answer };
  }

  settle(isTold: boolean): void {
    if (isTold) this.#state = "told";
    this.#asked?.resolve();
    this.#asked = null;
  }

  /** No change has the row with it from now on. Resolves with whether one had. */
  async close(): Promise<boolean> {
    await this.#asked?.promise;
    const isTold = this.#state === "told";
    this.#state = "closed";
    return isTold;
  }
}

/** Says to what the deed under way is done, where its path does not: before the change, or the row is written without it. */
export function noteTarget(kind: string, id: string): void {
  for (const deed of Deed.underWay()) deed.noteTarget(kind, id);
}

/** The same of what only the store knows. */
export function noteAnswer(answer: AnswerNote): void {
  for (const deed of Deed.underWay()) deed.noteAnswer(answer);
}

/** Says who is meant, where the caller is nobody yet. */
export function noteActor(kind: "member" | "key", tenantId: string, id: string, name: string): void {
  for (const deed of Deed.underWay()) deed.noteActor({ tenantId, kind, id, name });
}

/**
 * Has a change made by another process, which is to write the row of the deed under way with it; null: there is none to write. `isMade` says
 * of what that process answers whether it has.
 */
export async function entrust<T>(make: (row: AuditRow | null) => Promise<T>, isMade: (answer: T) => boolean): Promise<T> {
  const [deed] = Deed.underWay();
  const telling = deed?.offer();
  if (!deed || !telling) return make(null);
  let isTold = false;
  try {
    const answer = await make({ tenantId: telling.tenantId, entry: telling.entry });
    isTold = isMade(answer);
    return answer;
  } finally {
    deed.settle(isTold);
  }
}

/** Makes a change that another process has entrusted to this one. */
export function carryOutEntrusted<T>(row: AuditRow | undefined, make: () => T): T {
  return row ? new Deed(() => row).carryOut(make) : make();
}

/** The row with what the store answered the change. */
export function tellingOf({ tenantId, entry, answer }: Telling, answered: unknown): AuditRow {
  if (answer?.is === "actor") {
    const member = answered as { readonly tenantId: string; readonly id: string; readonly email: string };
    return { tenantId: member.tenantId, entry: { ...entry, actor: { kind: "member", id: member.id, name: member.email } } };
  }
  if (answer?.is !== "target") return { tenantId, entry };
  const { kind, member = "id" } = answer;
  const id = typeof answered === "string" ? answered : (answered as { readonly [name: string]: string })[member];
  return { tenantId, entry: { ...entry, targets: { ...entry.targets, [kind]: id ?? "" } } };
}
