import type { JsonObject } from "@millrace/contract";

// What the pictures show: workflows of several kinds, with names that are neither short nor all in one script.

export interface SeedWorkflow {
  readonly document: JsonObject & { readonly name: string };
  readonly published: boolean;
  /** Inputs of the runs of it. */
  readonly inputs: readonly JsonObject[];
}

const NEWS: JsonObject & { readonly name: string } = {
  format: "millrace/1",
  name: "todayNews",
  description: "What is new in a topic, region by region.",
  tags: ["news", "editorial", "朝刊"],
  nodes: [
    {
      id: "start",
      type: "start",
      input: {
        type: "object",
        properties: {
          topic: { type: "string", description: "What the news is about.", examples: ["News"] },
          regions: { type: "array", items: { type: "string" }, default: ["Hawaii", "Kyoto", "東京"] },
        },
        required: ["topic"],
      },
    },
    { id: "pick", type: "condition", name: "Is it short?", cases: [{ port: "short", when: "{{ start.topic.length < 40 }}" }] },
    {
      id: "each",
      type: "batch",
      name: "Each region",
      items: "{{ start.regions }}",
      collect: "{{ summarise.text }}",
      body: {
        nodes: [
          { id: "ask", type: "template", name: "Question", text: "{{ start.topic }} in {{ item }}: what is new?" },
          { id: "summarise", type: "llm", name: "Summarise", model: "offline/extractive", prompt: "{{ ask.text }} Answer in a sentence." },
        ],
        edges: ["ask -> summarise"],
      },
    },
    {
      id: "score",
      type: "code",
      name: "本日のニュースの点数",
      inputs: { texts: "{{ each.items }}" },
      code: "console.log('scoring', inputs.texts.length, 'texts');\nreturn { total: inputs.texts.join(' ').length };",
      retry: { maxAttempts: 3, initialMs: 100 },
    },
    { id: "refuse", type: "template", name: "Say no", text: "“{{ start.topic }}” is too long for a topic." },
    { id: "end", type: "end", output: { news: "{{ each?.items ?? [] }}", total: "{{ score?.total ?? 0 }}" } },
  ],
  edges: ["start -> pick", "pick.short -> each", "pick.else -> refuse", "each -> score", "score -> end", "refuse -> end"],
};

const REFUND: SeedWorkflow["document"] = {
  format: "millrace/1",
  name: "approveRefund",
  nodes: [
    {
      id: "start",
      type: "start",
      input: { type: "object", properties: { order: { type: "string" }, amount: { type: "number" } }, required: ["order", "amount"] },
    },
    {
      id: "ask",
      type: "approval",
      name: "Finance decides",
      title: "Refund order {{ start.order }}",
      message: "Amount {{ start.amount }} EUR",
    },
    { id: "end", type: "end", output: { order: "{{ start.order }}" } },
  ],
  edges: ["start -> ask", "ask.approve -> end", "ask.reject -> end"],
};

const BILL: SeedWorkflow["document"] = {
  format: "millrace/1",
  name: "ledger-of-the-municipal-waterworks-import",
  nodes: [
    { id: "start", type: "start", input: { type: "object", properties: { line: { type: "string" } } } },
    {
      id: "parse",
      type: "code",
      name: "Parse the line",
      inputs: { line: "{{ start.line }}" },
      code: "const [date, amount] = inputs.line.split(';');\nif (!amount) throw new Error('no amount in ' + inputs.line);\nreturn { date, amount: Number(amount) };",
    },
    { id: "end", type: "end", output: { amount: "{{ parse.amount }}" } },
  ],
  edges: ["start -> parse", "parse -> end"],
};

const TRANSLATE: SeedWorkflow["document"] = {
  format: "millrace/1",
  name: "翻訳",
  nodes: [
    { id: "start", type: "start", input: { type: "object", properties: { text: { type: "string" } } } },
    { id: "news", type: "workflow", name: "Ask the news", workflow: "todayNews", input: { topic: "{{ start.text }}" } },
    { id: "end", type: "end", output: { text: "{{ news.news }}" } },
  ],
  edges: ["start -> news", "news -> end"],
};

const DRAFT: SeedWorkflow["document"] = {
  format: "millrace/1",
  name: "knowledge-question",
  nodes: [
    { id: "start", type: "start", input: { type: "object", properties: { question: { type: "string" } } } },
    { id: "answer", type: "template", name: "Answer", text: "{{ start.question }} {{ found.text }}" },
    { id: "end", type: "end", output: { text: "{{ answer.text }}" } },
  ],
  edges: ["start -> answer", "answer -> end"],
};

/** A draft in which pictures may be written: what is typed and what is saved against it stays out of the others. */
export const SCRATCH = "todayNews-in-work";

export const WORKFLOWS: readonly SeedWorkflow[] = [
  {
    document: NEWS,
    published: true,
    inputs: ["News", "AI", "Weather", "海", "A topic that is far too long to be one, as anybody can see"].map((topic) => ({ topic })),
  },
  {
    document: REFUND,
    published: true,
    inputs: [
      { order: "8841", amount: 120 },
      { order: "8842", amount: 9.5 },
    ],
  },
  { document: BILL, published: true, inputs: [{ line: "2026-01-04;12.5" }, { line: "2026-01-05" }, { line: "2026-01-06" }] },
  { document: TRANSLATE, published: true, inputs: [{ text: "Sea" }] },
  { document: DRAFT, published: false, inputs: [] },
  { document: { ...NEWS, name: SCRATCH }, published: false, inputs: [] },
];
