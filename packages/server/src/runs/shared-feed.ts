import { randomUUID } from "node:crypto";
import type { Clock } from "#clock";
import type { Notice } from "#runs/notice";
import type { SharedStore } from "#store/shared-store";

/** Between two times that the others are told that somebody here reads, in ms. */
const ASK_MS = 1_000;

/** A process that has not said so for this long reads no more, in ms. */
const ASKED_MS = 3_000;

/** Between two times that the others are told what has changed here, in ms. */
const TELL_MS = 200;

/** Whoever begins to read is told of what changed this long before that was heard here, too, in ms. */
const LATELY_MS = 1_000;

/** Most that is told at once: where so much has changed, a page reads anew what it shows. */
const MOST_TOLD = 500;

export interface SharedFeedPorts {
  readonly shared: Pick<SharedStore, "say" | "hear" | "told">;
  readonly clock: Clock;
  /** This has changed in another process. */
  heard(notice: Notice): void;
}

/**
 * What changes in this process and is in no table that others watch, told to the other processes as long as somebody reads there; and the other way
 * round. Where nobody reads, nothing is told.
 */
export class SharedFeed {
  readonly #ports: SharedFeedPorts;
  /** Names this process among those that read. */
  readonly #name = randomUUID();
  /** Others where somebody reads, and up to when, monotonic ms. */
  readonly #readers = new Map<string, number>();
  /** What changed here lately, and when, monotonic ms; the latest last. */
  readonly #changed = new Map<string, number>();
  /** What changed before was told. */
  #toldAt = 0;
  #isTelling = false;
  /** null: nobody here reads. */
  #stopAsking: (() => void) | null = null;

  constructor(ports: SharedFeedPorts) {
    this.#ports = ports;
    ports.shared.hear(({ kind, id }) => {
      if (kind === "reading") this.#read(id);
      else if (kind === "changed" && this.#stopAsking) ports.heard(noticeOf(id));
    });
  }

  /** Somebody here reads. Resolves when the others are told. */
  begin(): Promise<void> {
    if (!this.#stopAsking) this.#ask();
    return this.#ports.shared.told();
  }

  /** Nobody here reads any more. */
  end(): void {
    this.#stopAsking?.();
    this.#stopAsking = null;
  }

  /** Something has changed here. */
  tell({ kind, id }: Notice): void {
    const now = this.#ports.clock.mono();
    const name = `${kind} ${id}`;
    this.#changed.delete(name);
    this.#changed.set(name, now);
    const [oldest] = this.#changed.keys();
    if (this.#changed.size > MOST_TOLD && oldest !== undefined) this.#changed.delete(oldest);
    if (this.#isRead(now)) this.#tellSoon();
  }

  #ask(): void {
    const { shared, clock } = this.#ports;
    shared.say({ kind: "reading", id: this.#name });
    this.#stopAsking = clock.at(clock.now() + ASK_MS, () => this.#ask());
  }

  /** Somebody reads at the process of this name. */
  #read(name: string): void {
    const now = this.#ports.clock.mono();
    const known = this.#readers.get(name);
    this.#readers.set(name, now + ASKED_MS);
    if (known !== undefined && known >= now) return;
    this.#toldAt = now - LATELY_MS;
    this.#tellSoon();
  }

  #isRead(now: number): boolean {
    for (const [name, until] of this.#readers) if (until < now) this.#readers.delete(name);
    return this.#readers.size > 0;
  }

  #tellSoon(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    const { clock } = this.#ports;
    clock.at(clock.now() + TELL_MS, () => this.#tellAll());
  }

  #tellAll(): void {
    const { shared, clock } = this.#ports;
    this.#isTelling = false;
    for (const [id, at] of this.#changed) if (at >= this.#toldAt) shared.say({ kind: "changed", id });
    this.#toldAt = clock.mono();
  }
}

function noticeOf(told: string): Notice {
  const at = told.indexOf(" ");
  return { kind: told.slice(0, at) as Notice["kind"], id: told.slice(at + 1) };
}
