import { blocksOf, edited } from "./blocks";
import type { Scenario, Stage } from "./scenario";

/**
 * Follows a runbook as a scenario says.
 * @throws Error with the step at which it went wrong
 */
export async function perform({ document, steps }: Scenario, stage: Stage): Promise<void> {
  const blocks = blocksOf(document);
  for (const step of steps) {
    try {
      if ("act" in step) {
        await step.run(stage);
        continue;
      }
      const block = blocks.find(({ name }) => name === step.paste);
      if (!block) throw new Error(`${document} has no block "${step.paste}"`);
      stage.printed = await paste(stage, edited(block, step.set ?? {}), step.fails);
    } catch (error) {
      const where = "act" in step ? step.act : step.paste;
      throw new Error(`${document}, ${where}: ${(error as Error).message}`);
    }
  }
}

async function paste({ typist }: Stage, text: string, fails: RegExp | undefined): Promise<string> {
  if (fails === undefined) return typist.paste(text);
  try {
    await typist.paste(text);
  } catch (error) {
    const { message } = error as Error;
    if (fails.test(message)) return message;
    throw error;
  }
  throw new Error(`it should have failed with ${fails}`);
}
