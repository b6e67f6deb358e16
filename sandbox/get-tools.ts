import { showTools } from "./display/tools-display";
import { sandboxTools } from "./world/tools";

/** Gets the tools before the engine tests begin: on a new machine that takes longer than any test may. */
try {
  await showTools(sandboxTools);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
