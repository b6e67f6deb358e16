/** Runs the program, index.ts, on mocks, as the engine would for a stack. */
import type { Outputs } from "../../stacks/outputs";
import { emptyWorld } from "../support/computed";
import { type Recording, type RecordOptions, record } from "../support/mocks";
import { type Config, secretKeys, stackConfigOf, texts } from "./stack-file";

export interface RunOptions extends Pick<RecordOptions, "preview" | "calls"> {
  /** Changes the stack's configuration. */
  change?: (config: Config) => void;
  /** Keys of secrets beside the planted ones. */
  secrets?: string[];
}

/** Runs of the committed stacks, which many tests look at. */
const committed = new Map<string, Promise<Recording<Outputs>>>();

/** The committed stack in an update; recorded once, because nobody changes a recording. */
export function committedStack(stack: "dev" | "prod"): Promise<Recording<Outputs>> {
  const run = committed.get(stack) ?? runProgram(stack);
  committed.set(stack, run);
  return run;
}

export async function runProgram(
  stack: "dev" | "prod",
  { change = () => {}, secrets = [], ...options }: RunOptions = {},
): Promise<Recording<Outputs>> {
  const config = structuredClone(stackConfigOf(stack));
  change(config);
  return record(loadProgram, {
    stack,
    config: texts(config),
    secretKeys: [...secretKeys, ...secrets],
    ...options,
    calls: { ...emptyWorld, ...options.calls },
  });
}

/** Loaded anew every time: the module is the program. */
function loadProgram(): Outputs {
  const program = require.resolve("../../index");
  delete require.cache[program];
  return require(program) as Outputs;
}
