import * as pulumi from "@pulumi/pulumi";

/** An Output that is not known yet, like one of a resource that a preview is about to create. */
export function unknownOutput<T>(...resources: pulumi.Resource[]): pulumi.Output<T> {
  const Output = pulumi.Output as unknown as new (
    resources: pulumi.Resource[],
    value: Promise<unknown>,
    isKnown: Promise<boolean>,
    isSecret: Promise<boolean>,
    allResources: Promise<pulumi.Resource[]>,
  ) => pulumi.Output<T>;
  return new Output(
    resources,
    Promise.resolve(undefined),
    Promise.resolve(false),
    Promise.resolve(false),
    Promise.resolve(resources),
  );
}
