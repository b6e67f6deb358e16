/** One entry of `errors` in a refusal ("Troubleshooting the REST API", Validation Failed). */
export interface FieldError {
  resource: string;
  code: "missing" | "missing_field" | "invalid" | "already_exists" | "unprocessable" | "custom";
  field?: string;
  message?: string;
}

/** A refusal in GitHub's words. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly errors?: FieldError[],
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }
}

export const notFound = () => new ApiError(404, "Not Found");

/** One field's refusal with a sentence of its own. */
export const invalid = (resource: string, field: string | undefined, message: string) =>
  new ApiError(422, "Validation Failed", [{ resource, code: "custom", field, message }]);

export const archivedError = () => new ApiError(403, "Repository was archived so is read-only.");
