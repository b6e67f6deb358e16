import type { Scenario } from "../scenario";
import { canary } from "./canary";
import { incident } from "./incident";
import { promotion } from "./promotion";
import { release } from "./release";
import { rollback } from "./rollback";
import { shell } from "./shell";

/** In the order in which they are played: each begins where the one before it ended, like days in a platform's life. */
export const scenarios: readonly Scenario[] = [
  ...shell,
  ...release,
  ...promotion,
  ...canary,
  ...rollback,
  ...incident,
];
