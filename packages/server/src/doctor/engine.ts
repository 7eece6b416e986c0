import { type EngineAddresses, engineAddresses } from "#config/engine-addresses";
import type { Check, CheckPorts, Finding } from "#doctor/check";

/** Time for the engine to answer, in ms. */
const ANSWER_MS = 5_000;

/** The oldest version that runs are known to go on with, whatever dies. */
const NEEDED = [1, 7] as const;

const START_WORKER = "start a process with MILLRACE_ROLE all or worker";

/** Who drives runs, where that is a Restate server: each node answers, knows workers, and does something when it is asked to. */
export const checkEngine: Check = async (ports) => {
  if (ports.settings.engine === "embedded") return null;
  const addresses = engineAddresses(ports.settings);
  const { ingress, admin } = addresses;
  for (const origin of ingress) {
    const finding = await reach(`${origin}/restate/health`, "MILLRACE_RESTATE_URL");
    if (finding) return finding;
  }
  for (const origin of admin) {
    const finding = (await reach(`${origin}/version`, "MILLRACE_RESTATE_ADMIN_URL")) ?? (await checkVersion(origin));
    if (finding) return finding;
  }
  return isWorkerExpected(ports) ? checkWorkers(addresses) : null;
};

/** Otherwise this process registers itself when it starts. */
function isWorkerExpected({ askServer, settings }: CheckPorts): boolean {
  return askServer !== null || settings.role === "api";
}

async function reach(url: string, variable: string): Promise<Finding> {
  try {
    const { ok, status } = await ask(url);
    return ok ? null : { problem: `${url} was answered with ${status}`, fix: `correct ${variable}: no Restate server answers there` };
  } catch (error) {
    return { problem: `the Restate server cannot be reached: ${reasonOf(error)} (${url})`, fix: `start it, or correct ${variable}` };
  }
}

async function checkVersion(admin: string): Promise<Finding> {
  const { version = "" } = (await (await ask(`${admin}/version`)).json()) as { version?: string };
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return null;
  return { problem: `this is Restate ${version}`, fix: `upgrade it to ${NEEDED.join(".")} or newer` };
}

async function checkWorkers({ ingress: [ingress = ""], admin: [admin = ""], services }: EngineAddresses): Promise<Finding> {
  const { status } = await ask(`${admin}/services/${services.runs}`);
  if (status === 404) return { problem: "no worker is registered with the Restate server", fix: START_WORKER };
  try {
    const answered = await ask(`${ingress}/${services.health}/ping`, { method: "POST" });
    return answered.ok
      ? null
      : { problem: `no worker does what the Restate server asks: it answers ${answered.status}`, fix: START_WORKER };
  } catch {
    const problem = `no worker does what the Restate server asks within ${ANSWER_MS / 1_000} s`;
    return { problem, fix: `${START_WORKER}, where MILLRACE_WORKER_URL leads` };
  }
}

function ask(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...init, signal: AbortSignal.timeout(ANSWER_MS) });
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message : message;
}
