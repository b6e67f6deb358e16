/** Processes of the sandbox: started in order, ready by a condition, stopped in reverse, never left behind. */
export { endLeftovers } from "./leftover";
export { masked } from "./log-file";
export { isFree, PortBook, portRange } from "./ports";
export { type Ending, ManagedProcess, type ProcessSpec } from "./process";
export { type Crash, Supervisor } from "./supervisor";
export { type Probe, type WaitOptions, waitFor } from "./wait";
