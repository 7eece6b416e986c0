import { spawn } from "node:child_process";

/** Hands the URL to the browser of this machine; false: nothing here opens URLs. */
export function openBrowser(url: string): Promise<boolean> {
  const [command, ...args] = openerOf(process.platform, url);
  return new Promise((resolve) => {
    const child = spawn(command, args, { detached: true, stdio: "ignore" });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}

function openerOf(platform: NodeJS.Platform, url: string): readonly [string, ...string[]] {
  if (platform === "darwin") return ["open", url];
  return platform === "win32" ? ["explorer", url] : ["xdg-open", url];
}
