import { sentencesOf, topicsOf } from "#models/offline/words";

/** Sentences of an answer, unless the prompt asks for another number. */
const SENTENCES = 3;
const MOST_SENTENCES = 20;

const NUMBERS: readonly string[] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const KANJI = "一二三四五六七八九";

interface Candidate {
  readonly sentence: string;
  readonly place: number;
  readonly topics: ReadonlySet<string>;
}

/**
 * The sentences that answer a prompt best, in their order: those that share the rarest words with its last question, or without a question
 * those that hold most of its frequent words. Of a prompt that is nothing but a question, the question.
 */
export function answerFrom(said: string, source: string = said): string {
  const all = sentencesOf(source);
  const question = sentencesOf(said).findLast(isQuestion);
  const told = all.filter((sentence) => sentence !== question && !isTask(sentence));
  const candidates = (told.length > 0 ? told : all).map((sentence, place) => ({ sentence, place, topics: topicsOf(sentence) }));
  const asked = question === undefined ? null : topicsOf(question);
  const most = wantedSentences(said);
  const answering = asked ? best(candidates, likeness(candidates, asked), most, true) : [];
  const chosen = answering.length > 0 ? answering : best(candidates, centrality(candidates), most, false);
  return chosen.map(({ sentence }) => withoutBullet(sentence)).join(joint(chosen[0]?.sentence ?? ""));
}

function isQuestion(sentence: string): boolean {
  return /[?？]["'”’)\]]*$/.test(sentence) || /[吗呢か][。.]?$/.test(sentence);
}

const TASK =
  /^(?:please\s+)?(?:summari[sz]e|write|answer|translate|list|explain|describe|give|tell|use|reply|return|extract|name|do not|don't)\b|^(?:请|請|总结|總結|概括|回答|翻译|翻譯|列出)|(?:してください|なさい)。?$/i;

/** What is to be done, and not what is told. */
function isTask(sentence: string): boolean {
  return /[:：]$/.test(sentence) || TASK.test(sentence);
}

function withoutBullet(sentence: string): string {
  return sentence.replace(/^(?:[-*•・]|\d{1,3}[.)])\s+/, "");
}

/** Chinese and Japanese sentences stand together. */
function joint(sentence: string): string {
  return /[。！？」』]$/.test(sentence) ? "" : " ";
}

/** "in two sentences", "a 2-sentence answer", "用两句话". */
function wantedSentences(said: string): number {
  const [, english = "", chinese = ""] = /\b([a-z]+|\d{1,2})[ -]sentences?\b|([一二两兩三四五六七八九\d])\s*(?:句|文で)/i.exec(said) ?? [];
  const word = (english || chinese).toLowerCase();
  const number = Number(word) || NUMBERS.indexOf(word) + 1 || (/[两兩]/.test(word) ? 2 : word === "" ? 0 : KANJI.indexOf(word) + 1);
  return number >= 1 ? Math.min(number, MOST_SENTENCES) : SENTENCES;
}

function best(all: readonly Candidate[], score: (one: Candidate) => number, most: number, onlyFitting: boolean): readonly Candidate[] {
  const ranked = all.map((candidate) => ({ candidate, score: score(candidate) })).sort((a, b) => b.score - a.score);
  const kept = onlyFitting ? ranked.filter((one) => one.score > 0 && one.score >= (ranked[0]?.score ?? 0) / 2) : ranked;
  return kept
    .slice(0, most)
    .map(({ candidate }) => candidate)
    .sort((a, b) => a.place - b.place);
}

/** Words that few sentences have say more. */
function likeness(all: readonly Candidate[], asked: ReadonlySet<string>): (one: Candidate) => number {
  const counts = countsOf(all);
  return ({ topics }) => {
    const shared = [...asked].filter((topic) => topics.has(topic));
    return shared.reduce((sum, topic) => sum + Math.log(1 + all.length / (counts.get(topic) ?? 1)), 0);
  };
}

function centrality(all: readonly Candidate[]): (one: Candidate) => number {
  const counts = countsOf(all);
  return ({ topics }) => [...topics].reduce((sum, topic) => sum + (counts.get(topic) ?? 1) - 1, 0) / Math.sqrt(topics.size || 1);
}

function countsOf(all: readonly Candidate[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { topics } of all) for (const topic of topics) counts.set(topic, (counts.get(topic) ?? 0) + 1);
  return counts;
}
