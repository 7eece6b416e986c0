/** What a server needs to know of its surroundings. Made from flags, environment and files by `load-settings`. */
export interface Settings {
  readonly version: string;
  readonly host: string;
  readonly port: number;
  /** Base of links; null: as each request reached the server. */
  readonly publicUrl: string | null;
  readonly dataDir: string;
  /** PostgreSQL, which several processes may share; null: SQLite in the data directory. */
  readonly databaseUrl: string | null;
  /** What this process does where several share a database: answer and drive runs, only answer, or only drive. */
  readonly role: "all" | "api" | "worker";
  /** Who drives runs: the processes themselves, or a Restate server that calls them for each step. */
  readonly engine: "embedded" | "restate";
  /** Base URLs of the Restate server's ingress, separated by commas; null: there is none. */
  readonly restateUrl: string | null;
  /** Base URLs of its admin API, separated by commas; null: port 9070 of each ingress. */
  readonly restateAdminUrl: string | null;
  /** Begins the names of our services there: each installation on one server has its own. */
  readonly restatePrefix: string;
  /** Public keys whose signature its requests to workers carry, separated by commas. */
  readonly restateIdentityKeys: string;
  /** Where it reaches a worker: to be bound to an address that nobody else reaches. */
  readonly workerHost: string;
  readonly workerPort: number;
  /** Where it finds the workers; null: the host and the port that this one has bound. */
  readonly workerUrl: string | null;
  /** base64 of 32 bytes; null: a file in the data directory. */
  readonly secretKey: string | null;
  /** A key with the scope admin that the operator brings along; null: none. */
  readonly adminKey: string | null;
  readonly syncHoldMs: number;
  /** So long a server that is told to stop answers as before, while whoever sends it requests learns that it goes. */
  readonly stopGraceMs: number;
  /** Hosts and networks beyond the egress default. */
  readonly egressAllow: string;
  /** Where the SQLite files lie that connections may name; null: there are none. */
  readonly sqliteDir: string | null;
  /** MCP servers that are started as processes, by name; JSON. */
  readonly mcpCommands: string;
  readonly maxBodyBytes: number;
  readonly maxJsonDepth: number;
  readonly maxOutputBytes: number;
  /** One inline file of an input, decoded. */
  readonly maxFileBytes: number;
  readonly maxIterations: number;
  /** Nodes with effects that one run has under way at once. */
  readonly runConcurrency: number;
  /** Attempts of nodes with effects under way at once, of all runs together; the others wait, workflow by workflow. */
  readonly maxAttempts: number;
  /** Runs under way at once; beyond it invoke answers 503. */
  readonly maxRuns: number;
  /** Streams of run events open at once; beyond it one more is answered 503. */
  readonly maxEventStreams: number;
  readonly codeTimeoutMs: number;
  /** `connection/model`, asked where a node names none. */
  readonly defaultModel: string;
  /** Terminal runs are kept this long; 0: for ever. */
  readonly retentionDays: number;
  /** Entries of the audit log are kept this long; 0: for ever. */
  readonly auditRetentionDays: number;
  /** May members make links with which anybody looks at a run? off: those that were made show nothing. */
  readonly runLinks: "on" | "off";
  /** The server that mail of alerts is given to; null: there is no mail. */
  readonly smtpUrl: string | null;
  /** Who that mail is from. */
  readonly mailFrom: string;
  /** Addresses and networks of proxies whose X-Forwarded-For and X-Forwarded-Proto count. */
  readonly trustedProxies: string;
  /** For /metrics from other hosts; null: from this one only. */
  readonly metricsToken: string | null;
  /** Base URL of the OpenTelemetry collector that traces go to; null: nothing is traced. */
  readonly otlpEndpoint: string | null;
  /** `name=value,…`, sent with each export. */
  readonly otlpHeaders: string;
  readonly otlpServiceName: string;
  /** Which runs are traced. */
  readonly tracesSampler: `${"" | "parentbased_"}${"always_on" | "always_off" | "traceidratio"}`;
  /** Share of the runs that the samplers by ratio choose, 0 to 1. */
  readonly tracesSamplerShare: number;
  readonly logLevel: "debug" | "info" | "warn" | "error" | "silent";
}
