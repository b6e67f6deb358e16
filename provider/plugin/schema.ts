/** The package's schema (https://www.pulumi.com/docs/iac/extending-pulumi/schema/), made from the definitions. */
import { configurationProperties } from "./configuration";
import { functions } from "./functions";
import type { AnyResource, Property } from "./resource";
import { resources } from "./resources";

export const packageName = "ackone";
export const packageVersion = "0.1.0";

type Json = Record<string, unknown>;

export function packageSchema(): string {
  const configuration = properties(configurationProperties);
  return JSON.stringify({
    name: packageName,
    version: packageVersion,
    displayName: "ACK One delivery",
    description:
      "Resources of Alibaba Cloud's Container Registry and ACK One that no published provider has.",
    license: "Apache-2.0",
    meta: { moduleFormat: "(.*)" },
    config: { variables: configuration },
    provider: {
      description: "Region, credentials and endpoints.",
      inputProperties: configuration,
      properties: configuration,
    },
    resources: Object.fromEntries(resources.map((resource) => [resource.token, resourceSchema(resource)])),
    functions: Object.fromEntries(
      functions.map(({ token, description, inputs, outputs }) => [
        token,
        {
          description,
          inputs: { properties: properties(inputs), required: required(inputs) },
          outputs: { properties: properties(outputs), required: Object.keys(outputs) },
        },
      ]),
    ),
    language: { nodejs: { packageName: "ackone" } },
  });
}

function resourceSchema(resource: AnyResource): Json {
  const all = { ...resource.inputs, ...resource.outputs };
  const always = Object.entries(all).filter(
    ([name, property]) => property.required || property.default !== undefined || name in resource.outputs,
  );
  return {
    description: resource.description,
    inputProperties: properties(resource.inputs),
    requiredInputs: required(resource.inputs),
    properties: properties(all),
    required: always.map(([name]) => name),
  };
}

function required(table: Readonly<Record<string, Property>>): string[] {
  return Object.entries(table)
    .filter(([, property]) => property.required)
    .map(([name]) => name);
}

function properties(table: Readonly<Record<string, Property>>): Json {
  return Object.fromEntries(
    Object.entries(table).map(([name, property]) => [name, propertySchema(property)]),
  );
}

const TYPES: Record<Property["type"], Json> = {
  string: { type: "string" },
  boolean: { type: "boolean" },
  integer: { type: "integer" },
  strings: { type: "array", items: { type: "string" } },
  map: { type: "object", additionalProperties: { type: "string" } },
};

function propertySchema(property: Property): Json {
  const isPlain = ["string", "boolean", "number"].includes(typeof property.default);
  return {
    ...TYPES[property.type],
    description: property.values
      ? `${property.description} One of ${property.values.join(", ")}.`
      : property.description,
    ...(isPlain ? { default: property.default } : {}),
    ...(property.secret ? { secret: true } : {}),
    ...(property.replaces ? { replaceOnChanges: true } : {}),
  };
}
