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
import { type Held, readState } from "./state";

/**
 * Resolves unless the stack holds something under another name.
 *
 * @param name The logical name of the resource that stands for it from now on.
 * @param type Pulumi's type token.
 * @param isIt Whether a resource of that type is the one in question.
 * @param explain What to tell a person about it; `held` is its present logical name.
 * @throws {VisibleError} in the returned promise.
 */
export function unlessHeld(
  name: string,
  type: string,
  isIt: (outputs: Held["outputs"]) => boolean,
  explain: (held: string) => string[],
): Promise<void> {
  const decision = readState().then((state) => {
    const found = state?.resources.find(
      (each) => each.type === type && nameOf(each.urn) !== name && isIt(each.outputs),
    );
    if (found !== undefined) {
      throw new VisibleError(...explain(nameOf(found.urn)));
    }
  });
  // Resources wait for other things first; a refusal in the meantime isn't "unhandled".
  decision.catch(() => {});
  return decision;
}

/** A value that is given on only when {@link unlessHeld} has nothing against it. */
export function onlyAfter<T>(decision: Promise<void>, value: pulumi.Input<T>): pulumi.Output<T> {
  return pulumi.all([decision, value]).apply(([, known]) => known as T) as pulumi.Output<T>;
}

const nameOf = (urn: string) => urn.split("::").at(-1)!;
