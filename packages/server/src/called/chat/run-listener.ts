import { ShownAnswer } from "#called/chat/shown-answer";
import { Bell } from "#runs/bell";
import type { Runtime } from "#runtime/runtime";
import type { RunContents } from "#store/store";

/** Hears what a run shows and how it ends, from before it begins: no piece is missed. Rings once more, and hears nothing, when the signal is aborted. */
export class RunListener {
  readonly bell = new Bell();
  readonly answer: ShownAnswer;
  /** null: not yet. */
  end: RunContents | null = null;
  /** `shown`: the nodes whose pieces are the answer's. */
  constructor(
    runtime: Pick<Runtime, "watchPieces" | "whenEnded">,
    tenantId: string,
    runId: string,
    { shown, signal }: { readonly shown: ReadonlySet<string>; readonly signal: AbortSignal },
  ) {
    this.answer = new ShownAnswer(shown);
    const watch = runtime.watchPieces(runId, (piece) => this.answer.add(piece) && this.bell.ring());
    const stopEnd = runtime.whenEnded(tenantId, runId, (end) => {
      this.end = end;
      this.bell.ring();
    });
    const stop = (): void => {
      watch.stop();
      stopEnd();
      this.bell.ring();
    };
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  }
}
