import { DockerfileError, type Instruction } from "./dockerfile/instruction";
import { substitute } from "./dockerfile/words";
import type { Stage } from "./stage";

/**
 * Commands aren't run, but for those that only say how they end: `exit 1` and `false` fail, alone or behind `&&` and
 * `;`, as long as nothing (`||`, `if`) catches it. A command in a stage from `scratch` fails too: there is no shell.
 *
 * @throws DockerfileError as docker reports a command that failed
 */
export function checkCommand({ text, words, heredocs }: Instruction, stage: Stage): void {
  const command = (words ?? [...stage.shell, text]).join(" ");
  const shell = words?.[0] ?? stage.shell[0] ?? "";
  if (!stage.opaque && !stage.files.has(shell.replace(/^\//, ""))) {
    throw new DockerfileError(
      `failed to create shim task: exec: ${JSON.stringify(shell)}: stat ${shell}: no such file or directory`,
    );
  }
  const scripts = heredocs.length > 0 ? heredocs.map(({ content }) => content) : [words?.join(" ") ?? text];
  for (const script of scripts) {
    const code = exitCode(substitute(script, stage.variables()));
    if (code !== 0) {
      throw new DockerfileError(`process "${command}" did not complete successfully: exit code: ${code}`);
    }
  }
}

function exitCode(script: string): number {
  if (/\|\||^\s*(?:if|while|until|case)\b/m.test(script)) return 0;
  const commands = script.split(/&&|;|\n/).map((each) => each.trim());
  for (const [index, command] of commands.entries()) {
    const [, code] = /^exit(?:\s+(\d{1,3}))?$/.exec(command) ?? [];
    if (/^exit\b/.test(command)) return Number(code ?? 0);
    // A `;` goes on after `false`; only the last command counts then.
    const last = index === commands.length - 1;
    const stops = last || new RegExp(`${escaped(command)}\\s*&&`).test(script);
    if (/^(?:\/(?:usr\/)?bin\/)?false$/.test(command) && stops) return 1;
  }
  return 0;
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
