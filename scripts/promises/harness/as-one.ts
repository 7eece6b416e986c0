import { startBalancer } from "../../scale/balancer.ts";
import type { Exit, ServerProcess } from "./server-process.ts";

/** Processes as one server: a connection goes to the next of those that answer. It has ended when all of them have; its memory is that of the largest that lives. */
export async function asOne(processes: readonly ServerProcess[], answering: readonly ServerProcess[]): Promise<ServerProcess> {
  const [only, ...others] = processes;
  // Also one that answers nobody, as a worker.
  if (only && others.length === 0) return only;
  const [first] = answering;
  if (!first) throw new Error("a server of which no process answers");
  const balancer = await startBalancer(answering.map(({ port }) => port));
  const living = new Set(processes);
  for (const one of processes) void one.ended.then(() => living.delete(one));
  const ended = Promise.all(processes.map((one) => one.ended)).then(async (ends) => {
    await balancer.close();
    return worst(ends);
  });
  return {
    pid: first.pid,
    port: balancer.port,
    readyMs: Math.max(...processes.map(({ readyMs }) => readyMs)),
    get log() {
      return processes.flatMap(({ log }) => log);
    },
    rssBytes: () => Math.max(...[...living].map((one) => one.rssBytes())),
    cpuMs: () => [...living].reduce((sum, one) => sum + one.cpuMs(), 0),
    leaveLog: (how) => {
      for (const one of processes) one.leaveLog(how);
    },
    ended,
    end: async (signal) => {
      const exits = await Promise.all(processes.map((one) => one.end(signal)));
      await ended;
      return { ...worst(exits), afterMs: Math.max(...exits.map(({ afterMs }) => afterMs)) };
    },
  };
}

/** One that did not end with 0 speaks for all. */
function worst(ends: readonly Pick<Exit, "code" | "signal">[]): Pick<Exit, "code" | "signal"> {
  return ends.find(({ code }) => code !== 0) ?? { code: 0, signal: null };
}
