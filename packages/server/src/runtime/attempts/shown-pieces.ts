import type { ChatDelta, EffectContext } from "@millrace/nodes";
import type { ShownPiece } from "#runtime/runtime";
import type { PieceFilter } from "#runtime/vault";

/** What one attempt shows of its result before it has one. After `close` nothing is shown: what the attempt answered is being recorded. */
export class ShownPieces {
  readonly #attempt: Pick<ShownPiece, "path" | "attempt">;
  readonly #signal: EffectContext["signal"];
  readonly #tell: (piece: ShownPiece) => void;
  readonly #newFilter: () => PieceFilter | null;
  readonly #filters = new Map<ChatDelta["channel"], PieceFilter | null>();
  /** Characters so far. */
  readonly #shown = new Map<ChatDelta["channel"], number>();
  #closed = false;

  /** `newFilter`: of one channel's text; null: there is nothing to take out. */
  constructor(
    attempt: Pick<ShownPiece, "path" | "attempt">,
    signal: EffectContext["signal"],
    newFilter: () => PieceFilter | null,
    tell: (piece: ShownPiece) => void,
  ) {
    this.#attempt = attempt;
    this.#signal = signal;
    this.#newFilter = newFilter;
    this.#tell = tell;
  }

  readonly show = ({ channel, text }: ChatDelta): void => {
    if (this.#closed) return;
    const filter = this.#filterOf(channel);
    this.#say(channel, filter ? filter.push(text) : text);
  };

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const [channel, filter] of this.#filters) if (filter) this.#say(channel, filter.end());
  }

  /** Whether anything was shown. */
  get isAny(): boolean {
    return this.#shown.size > 0;
  }

  #filterOf(channel: ChatDelta["channel"]): PieceFilter | null {
    const known = this.#filters.get(channel);
    if (known !== undefined) return known;
    const filter = this.#newFilter();
    this.#filters.set(channel, filter);
    return filter;
  }

  #say(channel: ChatDelta["channel"], text: string): void {
    if (text === "" || this.#signal.aborted) return;
    const from = this.#shown.get(channel) ?? 0;
    this.#shown.set(channel, from + text.length);
    this.#tell({ ...this.#attempt, channel, from, text });
  }
}
