import { chance } from "../harness/chance.ts";

// What model servers counted, and for whom. They outlive the server that asks them.

/** One answer that tells what it cost. Its input tokens are like those of no other: what was recorded of it is found again by them. */
export interface Given extends Counts {
  /** `connection/model` */
  readonly model: string;
  /** The step that asked, as its prompt names it. */
  readonly step: string;
  /** The server's process that asked, from 0. */
  readonly life: number;
}

export interface Counts {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  readonly reasoningTokens: number;
}

/** What a request says, on whichever wire. */
export interface Asked {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content?: unknown }[];
}

/** Of answers that are no use: no JSON where JSON is wanted, no number where one is. */
const USELESS = 0.15;

export class Books {
  /** By their input tokens. */
  readonly given = new Map<number, Given>();
  /** The lives of the server in which a step asked, in order. */
  readonly asked = new Map<string, number[]>();
  readonly random: () => number;
  #life = 0;
  #answers = 0;

  constructor(seed: number) {
    this.random = chance(seed);
  }

  /** The server was started anew. */
  nextLife(): void {
    this.#life += 1;
  }

  /** A request came: its answer, as far as it is up to the books. `details`: how much of it was in the cache, and thought. */
  answerTo(asked: Asked, connection: string, details: boolean): { readonly text: string; readonly given: Given } {
    const step = stepOf(asked);
    this.asked.set(step, [...(this.asked.get(step) ?? []), this.#life]);
    this.#answers += 1;
    const [input, output] = [10_000 + this.#answers, 1 + Math.floor(this.random() * 900)];
    const part = (of: number) => (!details || this.random() < 0.4 ? 0 : Math.floor(this.random() * of));
    const counts = { inputTokens: input, outputTokens: output, cachedTokens: part(input), reasoningTokens: part(output) };
    const given = { model: `${connection}/${asked.model}`, step, life: this.#life, ...counts };
    return { text: textFor(asked, this.random() < USELESS), given };
  }

  /** The answer went out, or is about to. */
  write(given: Given): void {
    this.given.set(given.inputTokens, given);
  }
}

/** `STEP r12/n3/0` of the prompt: every node of every run asks under a name of its own. */
function stepOf(asked: Asked): string {
  return /STEP ([\w/]+)/.exec(JSON.stringify(asked.messages).replaceAll("\\n", " "))?.[1] ?? "unnamed";
}

function textFor({ messages }: Asked, useless: boolean): string {
  const system = messages.filter(({ role }) => role === "system").map(({ content }) => JSON.stringify(content));
  if (useless) return "I would rather not say.";
  return system.some((text) => text.includes("intents")) ? "1" : '{"word":"mill"}';
}
