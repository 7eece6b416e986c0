import { isIP } from "node:net";
import { parseMcpCommands } from "#config/mcp-commands";
import { parseOtlpHeaders } from "#config/otlp-headers";

/** One setting of the server: its environment variable, what it accepts, its default. */
export interface Variable<T> {
  /** `OTEL_…`: what the OpenTelemetry specification names already. */
  readonly name: `${"MILLRACE" | "OTEL"}_${string}`;
  /** Its value is never printed. */
  readonly secret: boolean;
  /** What a valid value looks like, for the error message. */
  readonly accepts: string;
  readonly fallback: T;
  /** JSON Schema of a value in the project's file, as far as it can say what `read` takes. */
  readonly schema: object;
  /** undefined: not valid. */
  read(text: string): T | undefined;
}

function text(name: Variable<string>["name"], fallback: string, accepts = "text", pattern = /^/): Variable<string> {
  return {
    name,
    secret: false,
    accepts,
    fallback,
    schema: textSchema(pattern),
    read: (value) => (pattern.test(value) ? value : undefined),
  };
}

function optional(
  name: Variable<string>["name"],
  accepts: string,
  options: { secret?: boolean; pattern?: RegExp } = {},
): Variable<string | null> {
  const { secret = false, pattern } = options;
  const read = (value: string) => (!pattern || pattern.test(value) ? value : undefined);
  return { name, secret, accepts, fallback: null, schema: textSchema(pattern), read };
}

function integer(name: Variable<number>["name"], fallback: number, min: number, max: number): Variable<number> {
  const read = (value: string) => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    return number >= min && number <= max ? number : undefined;
  };
  const schema = { type: "integer", minimum: min, maximum: max };
  return { name, secret: false, accepts: `a whole number from ${min} to ${max}`, fallback, schema, read };
}

function oneOf<const T extends string>(name: Variable<T>["name"], values: readonly T[], fallback: T): Variable<T> {
  const read = (value: string) => values.find((one) => one === value);
  return { name, secret: false, accepts: values.join(", "), fallback, schema: { enum: values }, read };
}

function otlpHeaders(name: Variable<string>["name"]): Variable<string> {
  const accepts = "name=value pairs, separated by commas, values percent-encoded";
  return {
    name,
    secret: true,
    accepts,
    fallback: "",
    schema: textSchema(),
    read: (value) => (parseOtlpHeaders(value) ? value : undefined),
  };
}

function mcpCommands(name: Variable<string>["name"]): Variable<string> {
  const accepts = 'a JSON object of names and commands, as {"files":["mcp-files","--root","/srv"]}';
  const read = (value: string) => (parseMcpCommands(value) ? value : undefined);
  return { name, secret: false, accepts, fallback: "", schema: textSchema(), read };
}

function share(name: Variable<number>["name"], fallback: number): Variable<number> {
  const read = (value: string) => (/^(0|1|[01]?\.\d{1,15})$/.test(value) && Number(value) <= 1 ? Number(value) : undefined);
  return { name, secret: false, accepts: "a number from 0 to 1", fallback, schema: { type: "number", minimum: 0, maximum: 1 }, read };
}

function addresses(name: Variable<string>["name"]): Variable<string> {
  const accepts = "addresses or networks (10.0.0.0/8), separated by commas";
  const isEntry = (entry: string) => {
    const [address = "", bits = "0", ...more] = entry.split("/");
    return isIP(address) !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (isIP(address) === 4 ? 32 : 128) && more.length === 0;
  };
  const read = (value: string) => (value.split(",").every((entry) => entry.trim() === "" || isEntry(entry.trim())) ? value : undefined);
  return { name, secret: false, accepts, fallback: "", schema: textSchema(), read };
}

function textSchema(pattern?: RegExp): object {
  return { type: "string", ...(pattern && pattern.source !== "^" && { pattern: pattern.source }) };
}

/** As the contract names it, which is not loaded for a line of help. */
const OFFLINE_MODEL = "offline/extractive";

/** Scheme, host and port. */
const ORIGIN = /^https?:\/\/[^/\s@]+$/;
const ORIGINS = /^https?:\/\/[^/\s,@]+(,https?:\/\/[^/\s,@]+)*$/;

const DAY_MS = 86_400_000;
const MEBIBYTE = 1_048_576;

/** Every variable of the server. Each also as `<name>_FILE`: the path of a file that holds the value. */
export const VARIABLES = {
  host: text("MILLRACE_HOST", "127.0.0.1", "an address or host name to bind"),
  port: integer("MILLRACE_PORT", 7788, 0, 65_535),
  publicUrl: optional("MILLRACE_PUBLIC_URL", "an http or https URL without a trailing slash", {
    pattern: /^https?:\/\/[^/\s]+(\/[^\s]*[^/\s])?$/,
  }),
  dataDir: text("MILLRACE_DATA_DIR", "./.millrace", "a directory"),
  databaseUrl: optional("MILLRACE_DATABASE_URL", "postgres://user:password@host:port/database", {
    secret: true,
    pattern: /^postgres(ql)?:\/\/[^/\s]+\/[^/\s]+$/,
  }),
  role: oneOf("MILLRACE_ROLE", ["all", "api", "worker"], "all"),
  engine: oneOf("MILLRACE_ENGINE", ["embedded", "restate"], "embedded"),
  restateUrl: optional("MILLRACE_RESTATE_URL", "http or https URLs of the ingress without a path, separated by commas", {
    pattern: ORIGINS,
  }),
  restateAdminUrl: optional("MILLRACE_RESTATE_ADMIN_URL", "http or https URLs of the admin API without a path, separated by commas", {
    pattern: ORIGINS,
  }),
  restatePrefix: text("MILLRACE_RESTATE_PREFIX", "Millrace", "a letter, then at most 31 letters and digits", /^[A-Za-z][A-Za-z0-9]{0,31}$/),
  restateIdentityKeys: text(
    "MILLRACE_RESTATE_IDENTITY_KEYS",
    "",
    "publickeyv1_… keys, separated by commas",
    /^(publickeyv1_\w+(,publickeyv1_\w+)*)?$/,
  ),
  workerHost: text("MILLRACE_WORKER_HOST", "127.0.0.1", "an address or host name to bind", /^\S+$/),
  workerPort: integer("MILLRACE_WORKER_PORT", 9_080, 0, 65_535),
  workerUrl: optional("MILLRACE_WORKER_URL", "an http or https URL without a path", { pattern: ORIGIN }),
  secretKey: optional("MILLRACE_SECRET_KEY", "base64 of 32 bytes", { secret: true, pattern: /^[A-Za-z0-9+/]{43}=$/ }),
  adminKey: optional("MILLRACE_ADMIN_KEY", "mr_ and 40 url-safe characters", { secret: true, pattern: /^mr_[A-Za-z0-9_-]{40}$/ }),
  syncHoldMs: integer("MILLRACE_SYNC_HOLD_MS", 85_000, 1, DAY_MS),
  stopGraceMs: integer("MILLRACE_STOP_GRACE_MS", 500, 0, 60_000),
  egressAllow: text("MILLRACE_EGRESS_ALLOW", "", "hosts, *.suffixes or networks, each with an optional :port, separated by commas"),
  sqliteDir: optional("MILLRACE_SQLITE_DIR", "an absolute path of a directory", { pattern: /^(\/|[A-Za-z]:[\\/])/ }),
  mcpCommands: mcpCommands("MILLRACE_MCP_COMMANDS"),
  maxBodyBytes: integer("MILLRACE_MAX_BODY_BYTES", 10 * MEBIBYTE, 1_024, 1_024 * MEBIBYTE),
  maxJsonDepth: integer("MILLRACE_MAX_JSON_DEPTH", 100, 1, 1_000),
  maxOutputBytes: integer("MILLRACE_MAX_OUTPUT_BYTES", 10 * MEBIBYTE, 1, 1_024 * MEBIBYTE),
  maxFileBytes: integer("MILLRACE_MAX_FILE_BYTES", 50 * MEBIBYTE, 1, 1_024 * MEBIBYTE),
  maxIterations: integer("MILLRACE_LOOP_MAX_ITERATIONS", 10_000, 1, 1_000_000),
  runConcurrency: integer("MILLRACE_RUN_CONCURRENCY", 32, 1, 1_024),
  maxAttempts: integer("MILLRACE_MAX_ATTEMPTS", 1_024, 1, 100_000),
  maxRuns: integer("MILLRACE_MAX_RUNS", 10_000, 1, 1_000_000),
  maxEventStreams: integer("MILLRACE_MAX_EVENT_STREAMS", 1_000, 0, 1_000_000),
  codeTimeoutMs: integer("MILLRACE_CODE_TIMEOUT_MS", 10_000, 1, 600_000),
  defaultModel: text("MILLRACE_DEFAULT_MODEL", OFFLINE_MODEL, "connection/model, at most 300 characters", /^(?=.{3,300}$)[^\s/]+\/\S+$/),
  retentionDays: integer("MILLRACE_RETENTION_DAYS", 30, 0, 36_500),
  auditRetentionDays: integer("MILLRACE_AUDIT_RETENTION_DAYS", 365, 0, 36_500),
  runLinks: oneOf("MILLRACE_RUN_LINKS", ["on", "off"], "on"),
  smtpUrl: optional("MILLRACE_SMTP_URL", "smtp://user:password@host:port, or smtps://…", {
    secret: true,
    pattern: /^smtps?:\/\/[^/\s?#]+\/?$/,
  }),
  mailFrom: text(
    "MILLRACE_MAIL_FROM",
    "Millrace <millrace@localhost>",
    "an email address, or a name and one in <>",
    /^([^<>\r\n]*<)?[^\s@<>,]+@[^\s@<>,]+>?$/,
  ),
  trustedProxies: addresses("MILLRACE_TRUSTED_PROXIES"),
  metricsToken: optional("MILLRACE_METRICS_TOKEN", "16 characters or more, without spaces", { secret: true, pattern: /^[!-~]{16,}$/ }),
  otlpEndpoint: optional("OTEL_EXPORTER_OTLP_ENDPOINT", "an http or https URL without user, query or fragment", {
    pattern: /^https?:\/\/[^/\s@?#]+(\/[^\s?#]*)?$/,
  }),
  otlpHeaders: otlpHeaders("OTEL_EXPORTER_OTLP_HEADERS"),
  otlpServiceName: text("OTEL_SERVICE_NAME", "millrace", "1 to 255 characters", /^.{1,255}$/),
  tracesSampler: oneOf(
    "OTEL_TRACES_SAMPLER",
    ["parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio", "always_on", "always_off", "traceidratio"],
    "parentbased_always_on",
  ),
  tracesSamplerShare: share("OTEL_TRACES_SAMPLER_ARG", 1),
  logLevel: oneOf("MILLRACE_LOG_LEVEL", ["debug", "info", "warn", "error", "silent"], "info"),
} as const;

export type VariableName = keyof typeof VARIABLES;

/** Variables of the command line's client side. */
export const CLIENT_VARIABLES = {
  endpoint: optional("MILLRACE_ENDPOINT", "an http or https URL", { pattern: /^https?:\/\/[^/\s]+(\/\S*)?$/ }),
  apiKey: optional("MILLRACE_API_KEY", "a key without spaces", { secret: true, pattern: /^[!-~]+$/ }),
  profile: text("MILLRACE_PROFILE", "default", "a name of letters, digits, - and _", /^[A-Za-z0-9_-]{1,64}$/),
  output: oneOf("MILLRACE_OUTPUT", ["table", "json", "yaml", "name", "text"], "table"),
} as const;
