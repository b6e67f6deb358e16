import { readFileSync } from "node:fs";
import { loadCredentials } from "../world/credentials";
import type { Home } from "../world/home";
import type { SandboxInfo } from "../world/info";

/** The running sandbox of this home, or undefined: the file may be left from one that was killed. */
export async function findRunning(home: Home): Promise<SandboxInfo | undefined> {
  let info: SandboxInfo;
  try {
    info = JSON.parse(readFileSync(home.runFile, "utf8")) as SandboxInfo;
  } catch {
    return undefined;
  }
  try {
    await callControl(home, info, "ping");
    return info;
  } catch {
    return undefined;
  }
}

/** Calls the daemon; throws with its own words when it refuses. */
export async function callControl<T>(
  home: Home,
  info: SandboxInfo,
  name: string,
  body?: unknown,
): Promise<T> {
  const { controlToken } = loadCredentials(home.credentialsFile);
  const response = await fetch(`${info.control}/${name}`, {
    method: "POST",
    headers: { authorization: `Bearer ${controlToken}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = (await response.json()) as T & { error?: string };
  if (!response.ok) throw new Error(answer?.error ?? `the sandbox answered ${response.status}`);
  return answer;
}
