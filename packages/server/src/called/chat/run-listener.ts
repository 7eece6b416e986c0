import { ShownAnswer } from "#called/chat/shown-answer";
import { Bell } from "#runs/bell";
import type { Runtime } from "#runtime/runtime";
import type { RunContents } from "#store/store";

/** Hears what a run shows and how it ends, from before it begins: no piece is missed. */
export class RunListener {
  readonly bell = new Bell();
  readonly answer: ShownAnswer;
  /** null: not yet. */
  end: RunContents | null = null;
  readonly #stops: readonly (() => void)[];

  /** `shown`: the nodes whose pieces are the answer's. */
  constructor(runtime: Pick<Runtime, "watchPieces" | "whenEnded">, runId: string, shown: ReadonlySet<string>) {
    this.answer = new ShownAnswer(shown);
    this.#stops = [
      runtime.watchPieces(runId, (piece) => this.answer.add(piece) && this.bell.ring()),
      runtime.whenEnded(runId, (end) => {
        this.end = end;
        this.bell.ring();
      }),
    ];
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }
}
