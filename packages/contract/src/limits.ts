/** One limit of the HTTP contract: its default, its unit, and the server setting that changes it (absent: fixed). */
export interface Limit {
  readonly value: number;
  readonly unit: "bytes" | "characters" | "entries" | "hours" | "levels" | "ms";
  readonly setting?: string;
}

/** Every limit of the run API. `characters` are Unicode code points. */
export const LIMITS = {
  /** The whole request body; one byte more answers 413. */
  bodyBytes: { value: 10_485_760, unit: "bytes", setting: "MILLRACE_MAX_BODY_BYTES" },
  /** An uploaded `.flow` file. */
  flowUploadBytes: { value: 52_428_800, unit: "bytes" },
  /** What a form may have around its file: other fields, boundaries. */
  formBytes: { value: 65_536, unit: "bytes" },
  /** Of a workflow's last runs, those that are counted by version. */
  versionRuns: { value: 10_000, unit: "entries" },
  versionNoteCharacters: { value: 500, unit: "characters" },
  /** Tags of a workflow, and each of them. */
  workflowTags: { value: 20, unit: "entries" },
  tagCharacters: { value: 50, unit: "characters" },
  /** The name that an import gives a workflow. */
  customNameCharacters: { value: 100, unit: "characters" },
  /** Nesting of request JSON: deeper bodies cost stack in every later step. */
  jsonDepth: { value: 100, unit: "levels", setting: "MILLRACE_MAX_JSON_DEPTH" },
  /** Values of request JSON, in all: members, elements, and an empty container as two. More of them, however small, would hold up everybody else. */
  jsonValues: { value: 500_000, unit: "entries" },
  /** Keys of one object of request JSON. */
  jsonKeys: { value: 10_000, unit: "entries" },
  /** Of a value of a run that is shown before the whole is asked for. */
  previewBytes: { value: 32_768, unit: "bytes" },
  draftEditorCharacters: { value: 64, unit: "characters" },
  userIdCharacters: { value: 256, unit: "characters" },
  webhooks: { value: 5, unit: "entries" },
  webhookUrlCharacters: { value: 2_048, unit: "characters" },
  webhookHeaders: { value: 32, unit: "entries" },
  /** Names and values of one webhook's headers together, as UTF-8. */
  webhookHeaderBytes: { value: 8_192, unit: "bytes" },
  workflowRunIdCharacters: { value: 128, unit: "characters" },
  idempotencyKeyCharacters: { value: 255, unit: "characters" },
  requestIdCharacters: { value: 128, unit: "characters" },
  /** One file, decoded from base64 or fetched. */
  fileBytes: { value: 52_428_800, unit: "bytes", setting: "MILLRACE_MAX_FILE_BYTES" },
  /** The URL of a file input: signed URLs of object stores are longer than webhook URLs. */
  fileUrlCharacters: { value: 8_192, unit: "characters" },
  /** `output` of a run, serialised. */
  outputBytes: { value: 10_485_760, unit: "bytes", setting: "MILLRACE_MAX_OUTPUT_BYTES" },
  /** Longest wait of a synchronous call: below the 90 s that published clients and proxies allow. */
  syncHold: { value: 85_000, unit: "ms", setting: "MILLRACE_SYNC_HOLD_MS" },
  /** Streams of run events that are open at once, of all callers together. */
  eventStreams: { value: 1_000, unit: "entries", setting: "MILLRACE_MAX_EVENT_STREAMS" },
  /** How long an Idempotency-Key is remembered. */
  idempotencyKept: { value: 86_400_000, unit: "ms" },
  /** How far ahead a run may be asked to begin. */
  startDelay: { value: 31_536_000_000, unit: "ms" },
  signalNameCharacters: { value: 200, unit: "characters" },
  signalIdCharacters: { value: 255, unit: "characters" },
  /** Signals of a run that nothing has waited for yet. */
  signalsKept: { value: 1_000, unit: "entries" },
  /** What one approval shows, its form and details included, serialised. */
  approvalBytes: { value: 65_536, unit: "bytes" },
  approvalTitleCharacters: { value: 200, unit: "characters" },
  approvalActions: { value: 8, unit: "entries" },
  actionNameCharacters: { value: 64, unit: "characters" },
  /** Fields of an approval's form. */
  approvalFields: { value: 50, unit: "entries" },
  approvalCommentCharacters: { value: 2_000, unit: "characters" },
  /** People that one approval names. */
  approvers: { value: 100, unit: "entries" },
  /** Email or name of one of them. */
  approverCharacters: { value: 254, unit: "characters" },
  /** How long a link to an approval may work. */
  approvalLinkHours: { value: 2_160, unit: "hours" },
  /** How long a link to a run may work. */
  runLinkHours: { value: 2_160, unit: "hours" },
  /** Links to one run that work at once. */
  runLinks: { value: 100, unit: "entries" },
  /** Entries of `errors[]`: a body of a million wrong elements must not make an answer of a million faults. */
  faults: { value: 1_000, unit: "entries" },
  /** Workflows that call one another: calls from the first run down to the last. */
  callDepth: { value: 16, unit: "levels" },
  /** A member's email address. */
  emailCharacters: { value: 254, unit: "characters" },
  /** Shortest password that is taken, and the longest. */
  passwordCharacters: { value: 12, unit: "characters" },
  passwordCharactersMost: { value: 256, unit: "characters" },
  /** Rows of one page of a list of the management API. */
  pageRows: { value: 100, unit: "entries" },
  /** Rows of one report of usage; as CSV there are all of them. */
  usageRows: { value: 1_000, unit: "entries" },
  /** Longest period of one answer about the credits of runs. */
  creditsPeriod: { value: 2_592_000_000, unit: "ms" },
  /** Longest period that usage is shown for by day. */
  usageDays: { value: 31_622_400_000, unit: "ms" },
  /** Backups that were asked for by HTTP: a new one takes the place of the oldest. */
  backupsKept: { value: 5, unit: "entries" },
  /** Alert rules of a tenant: each is looked at twice a minute. */
  alerts: { value: 100, unit: "entries" },
  /** Addresses that one alert is mailed to. */
  alertAddresses: { value: 10, unit: "entries" },
  /** The longest time that a rule about ended runs looks back on; rules that count otherwise may look back longer. */
  alertWindow: { value: 86_400_000, unit: "ms" },
  alertLongWindow: { value: 2_592_000_000, unit: "ms" },
  /** Ended runs without which rates and percentiles say nothing. */
  alertLeastRuns: { value: 5, unit: "entries" },
  /** The longest time in which a rule that has fired does not fire again. */
  alertQuiet: { value: 604_800_000, unit: "ms" },
  /** A request to a hook, where the hook does not say. */
  hookBodyBytes: { value: 1_048_576, unit: "bytes" },
  /** Runs of one job over many. */
  bulkRuns: { value: 10_000, unit: "entries" },
  /** A cron expression. */
  cronCharacters: { value: 256, unit: "characters" },
  /** Missed due times of a schedule that are made up for at most, the latest ones. */
  catchUpRuns: { value: 100, unit: "entries" },
  secretNameCharacters: { value: 100, unit: "characters" },
  /** Shorter values occur by chance, and taking them out of every answer would harm what is none. */
  secretLeastCharacters: { value: 8, unit: "characters" },
  secretCharacters: { value: 16_384, unit: "characters" },
  /** Hosts that one connection's credential may go to. */
  connectionHosts: { value: 32, unit: "entries" },
  /** Knowledge bases of a server. */
  knowledgeBases: { value: 1_000, unit: "entries" },
  /** Documents of one knowledge base. */
  knowledgeDocuments: { value: 10_000, unit: "entries" },
  /** Passages of one document, and of all documents of one knowledge base: a search compares every vector. */
  documentPassages: { value: 20_000, unit: "entries" },
  knowledgePassages: { value: 50_000, unit: "entries" },
  /** One document of a knowledge base, decoded from base64 or fetched. */
  documentBytes: { value: 10_485_760, unit: "bytes" },
  /** Members of a document's metadata, and the whole of it as JSON. */
  metadataMembers: { value: 32, unit: "entries" },
  metadataBytes: { value: 8_192, unit: "bytes" },
  /** A search. */
  queryCharacters: { value: 2_000, unit: "characters" },
  /** The name of a model, `connection/model`. */
  modelCharacters: { value: 300, unit: "characters" },
  /** What a test asks a model. */
  testPromptCharacters: { value: 4_000, unit: "characters" },
  /** Models that a connection lists. */
  connectionModels: { value: 1_000, unit: "entries" },
  /** Requests of one connection at once, at most. */
  modelConcurrency: { value: 1_000, unit: "entries" },
  modelRequestsPerMinute: { value: 1_000_000, unit: "entries" },
  modelTokensPerMinute: { value: 1_000_000_000, unit: "entries" },
  /** Of one request to a model provider, where its connection says one. */
  modelTimeout: { value: 3_600_000, unit: "ms" },
  /** Prices that a tenant sets, beside those that ship. */
  prices: { value: 1_000, unit: "entries" },
  /** Workflows on one page of MCP tools, and in the description that a key gets. */
  calledWorkflows: { value: 100, unit: "entries" },
  /** Workflows that are looked through for the list of chat models. */
  chatModels: { value: 1_000, unit: "entries" },
  /** Messages of one chat. */
  chatMessages: { value: 1_000, unit: "entries" },
  /** Connections to one database at once, at most. */
  databaseConnections: { value: 50, unit: "entries" },
  /** OpenAPI documents that a tenant imports as tools. */
  toolCollections: { value: 200, unit: "entries" },
  /** Sub-schemas of a Start schema with its references written out: a few nested references could stand for millions. */
  startSchemas: { value: 2_000, unit: "entries" },
  /** Nesting of a Start schema, references written out. */
  startSchemaDepth: { value: 64, unit: "levels" },
  /** A text checked against a `format`: longer ones never match, so that no format's expression meets megabytes. */
  formatCharacters: { value: 8_192, unit: "characters" },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof LIMITS;
