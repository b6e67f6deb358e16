/**
 * Finds what a changed stack file would take away from under its own feet.
 *
 * A resource whose name in the program changes is two resources to the engine: it makes the new one, which for some kinds
 * finds what is there already and takes it over, and then deletes the old one, which is the same thing. The same happens
 * to something that becomes "existing" and is the stack's own. So before that, a run ends, the preview too, with a
 * sentence about what to do.
 */
import * as pulumi from "@pulumi/pulumi";
import { VisibleError } from "./error";
import { readState, settled } from "./state";

/**
 * Resolves unless the stack holds the same thing under another name, and while it is unknown what it is.
 *
 * @param name The logical name of the resource that stands for it from now on.
 * @param type Pulumi's type token.
 * @param property The output that tells one such resource from another; letters of either case are the same.
 * @param value Its value.
 * @param explain What to tell a person; `held` is the logical name that it has in the stack.
 * @throws {VisibleError} in the returned promise.
 */
export function unlessHeld(
  name: string,
  type: string,
  property: string,
  value: pulumi.Input<string>,
  explain: (value: string, held: string) => string[],
): Promise<void> {
  const decision = Promise.all([readState(), settled(pulumi.output(value))]).then(([state, known]) => {
    const found = state?.find(
      (each) => each.type === type && nameOf(each.urn) !== name && isSame(each.outputs[property], known),
    );
    if (known !== undefined && found !== undefined) {
      throw new VisibleError(...explain(known, nameOf(found.urn)));
    }
  });
  // Resources wait for other things first; a refusal in the meantime isn't "unhandled".
  decision.catch(() => {});
  return decision;
}

const isSame = (one: unknown, other: string | undefined) =>
  typeof one === "string" && one.toLowerCase() === other?.toLowerCase();

/** A value that is given on only when {@link unlessHeld} has nothing against it. */
export function onlyAfter<T>(decision: Promise<void>, value: pulumi.Input<T>): pulumi.Output<T> {
  return pulumi.all([decision, value]).apply(([, known]) => known as T) as pulumi.Output<T>;
}

const nameOf = (urn: string) => urn.split("::").at(-1)!;
