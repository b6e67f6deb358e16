import { basename, join } from "node:path";
import { attributesOf } from "./state-attributes";

/**
 * What to type after a run that can't go on because an earlier one was killed or refused, as lines for a shell.
 *
 * @param message what the engine said
 * @param folder the stack's folder
 * @param engineHome the folder with `env.sh`, the engine's environment
 * @returns undefined when something else went wrong
 */
export function adviceFor(message: string, folder: string, engineHome: string): string | undefined {
  const there = `(cd '${folder}' && . '${join(engineHome, "env.sh")}' && `;
  if (/stack is currently locked/.test(message)) {
    return `An earlier run was ended while it worked, and left its lock. If no other run is working, remove it, then start again:

  ${there}pulumi cancel --yes)`;
  }
  if (/failed to load checkpoint: .*\bEOF$/m.test(message)) {
    return `An earlier run was ended while it wrote the stack's state. The state is whole; remove its attributes, which aren't, then start again:

  rm '${attributesOf(engineHome, basename(folder))}'`;
  }
  const commands = new Set([...message.matchAll(/^\s*(pulumi import .*)$/gm)].map(([, command]) => command));
  if (commands.size === 0) return adviceForAddon(message, there);
  const lines = [...commands].map((command) => `  ${there}${command})`);
  return `An earlier run was ended while it worked. Adopt what it had begun, then start again:\n\n${lines.join("\n")}`;
}

/** The alicloud provider keeps an add-on in the state that the cloud refused to install, and then only updates it. */
function adviceForAddon(message: string, there: string): string | undefined {
  const missing = /alicloud_cs_kubernetes_addon (\S+) is not found/.exec(message)?.[1];
  return (
    missing &&
    `The add-on ${missing} isn't on its cluster, though the stack's state has it: an earlier run failed to install it, or
somebody uninstalled it. Compare the state with the clouds before going on:

  ${there}pulumi up --refresh --yes)`
  );
}
