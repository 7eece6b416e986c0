import type { Json } from "@millrace/contract";
import type { Clock } from "#clock";
import type { ShownPiece } from "#runtime/runtime";
import type { SharedStore } from "#store/shared-store";

/** What attempts show in so many ms is told together: a message to the database for each piece of a model's answer would be too many. */
const GATHER_MS = 50;

/** Whoever watches says so again after so long, in ms: the run may be driven by another process by then. */
const AGAIN_MS = 1_000;

/** How long a process remembers that somebody watches, in ms: two repetitions may be lost. */
const REMEMBERED_MS = 3 * AGAIN_MS;

/** Characters in one message: however they are spelled in JSON, it stays below the bound of the store. */
const CHARACTERS_TOGETHER = 800;

export interface SharedPiecesPorts {
  readonly shared: Pick<SharedStore, "say" | "hear" | "show" | "look" | "told" | "caughtUp">;
  readonly clock: Clock;
  isHere(runId: string): boolean;
  /** A run that is driven elsewhere shows this. */
  heard(runId: string, piece: ShownPiece): void;
}

/**
 * What attempts show to whoever watches at another process than the one that drives the run. A run that nobody elsewhere watches costs nothing.
 * Nothing is repeated: whoever began to watch too late, or whose connection broke, has missed something.
 */
export class SharedPieces {
  readonly #ports: SharedPiecesPorts;
  /** Watched here. */
  readonly #watching = new Set<string>();
  /** Run → until when somebody elsewhere watches it, monotonic ms. */
  readonly #watched = new Map<string, number>();
  readonly #gathered = new Map<string, ShownPiece[]>();
  readonly #deafen: readonly (() => void)[];
  #stopGathering: (() => void) | null = null;
  #stopRepeating: (() => void) | null = null;

  constructor(ports: SharedPiecesPorts) {
    this.#ports = ports;
    const { shared } = ports;
    this.#deafen = [
      shared.hear(({ kind, id }) => kind === "watch" && this.#remember(id)),
      shared.look(({ runId, pieces }) => this.#heard(runId, pieces as unknown as readonly ShownPiece[])),
    ];
  }

  stop(): void {
    for (const deafen of this.#deafen) deafen();
    this.#watching.clear();
    this.#gathered.clear();
    this.#stopGathering?.();
    this.#stopRepeating?.();
  }

  /** From before the run begins, where that can be: then nothing is missed. */
  watch(runId: string): void {
    if (this.#watching.has(runId)) return;
    this.#watching.add(runId);
    this.#ask(runId);
    this.#repeatLater();
  }

  unwatch(runId: string): void {
    this.#watching.delete(runId);
  }

  /** Of a run that is driven here. */
  show(runId: string, piece: ShownPiece): void {
    if (!this.#isWatched(runId)) return;
    const pieces = this.#gathered.get(runId) ?? [];
    this.#gathered.set(runId, pieces);
    const last = pieces.at(-1);
    if (last && isContinued(last, piece)) pieces[pieces.length - 1] = { ...last, text: last.text + piece.text };
    else pieces.push(piece);
    const { clock } = this.#ports;
    this.#stopGathering ??= clock.at(clock.now() + GATHER_MS, () => this.#tellAll());
  }

  /** Resolves when what attempts of this run have shown can be heard elsewhere; null: nobody listens. */
  told(runId: string): Promise<void> | null {
    if (!this.#isWatched(runId)) return null;
    this.#tell(runId);
    return this.#ports.shared.told();
  }

  /** Resolves when what attempts of this run showed elsewhere is heard, once what came of them can be read; null: it is. */
  caughtUp(runId: string): Promise<void> | null {
    return this.#ports.isHere(runId) ? null : this.#ports.shared.caughtUp();
  }

  #isWatched(runId: string): boolean {
    return (this.#watched.get(runId) ?? 0) >= this.#ports.clock.mono();
  }

  #tell(runId: string): void {
    const pieces = this.#gathered.get(runId);
    if (!pieces) return;
    this.#gathered.delete(runId);
    for (const piece of pieces.flatMap(parts)) this.#ports.shared.show({ runId, pieces: [piece] as unknown as Json });
  }

  #tellAll(): void {
    this.#stopGathering = null;
    for (const runId of [...this.#gathered.keys()]) this.#tell(runId);
  }

  #ask(runId: string): void {
    if (!this.#ports.isHere(runId)) this.#ports.shared.say({ kind: "watch", id: runId });
  }

  #repeatLater(): void {
    const { clock } = this.#ports;
    this.#stopRepeating ??= clock.at(clock.now() + AGAIN_MS, () => {
      this.#stopRepeating = null;
      for (const runId of this.#watching) this.#ask(runId);
      if (this.#watching.size > 0) this.#repeatLater();
    });
  }

  /** Also of runs that are driven elsewhere: they may be driven here in a moment. */
  #remember(runId: string): void {
    const now = this.#ports.clock.mono();
    this.#watched.delete(runId);
    this.#watched.set(runId, now + REMEMBERED_MS);
    // Those that were said last stand last.
    for (const [one, until] of this.#watched) {
      if (until >= now) return;
      this.#watched.delete(one);
    }
  }

  #heard(runId: string, pieces: readonly ShownPiece[]): void {
    if (!this.#watching.has(runId) || this.#ports.isHere(runId)) return;
    for (const piece of pieces) this.#ports.heard(runId, piece);
  }
}

function isContinued(last: ShownPiece, { path, attempt, channel, from }: ShownPiece): boolean {
  return last.path === path && last.attempt === attempt && last.channel === channel && last.from + last.text.length === from;
}

/** None is cut within a character. */
function parts(piece: ShownPiece): readonly ShownPiece[] {
  const all: ShownPiece[] = [];
  for (let at = 0; at < piece.text.length; ) {
    const end = at + CHARACTERS_TOGETHER;
    const isCut = (piece.text.codePointAt(end - 1) ?? 0) > 0xffff;
    const text = piece.text.slice(at, isCut ? end - 1 : end);
    all.push({ ...piece, from: piece.from + at, text });
    at += text.length;
  }
  return all;
}
