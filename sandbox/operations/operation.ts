import { type Arguments, type Described, type Options, readArguments } from "../command-line";
import type { OperatorContext } from "./context";

/** A command of an operator. */
export interface Operation extends Described {
  /**
   * @param args what is typed after the command's word
   * @throws Error with a sentence that says what to do
   */
  run(context: OperatorContext, args: readonly string[]): Promise<void>;
}

/** Describes a command once: what it takes is read by its description, before it does anything. */
export const operation = <Taken extends Options>(
  described: Described<Taken> & {
    run(context: OperatorContext, words: string[], options: Arguments<Taken>["options"]): Promise<void>;
  },
): Operation => ({
  ...described,
  async run(context, args) {
    const { words, options } = readArguments(described, args);
    await described.run(context, words, options);
  },
});
