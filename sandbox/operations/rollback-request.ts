/** What an operator wants to go back to, and where. */
export interface RollbackRequest {
  service: string;
  environment: string;
  /** Version, commit or number of the history; for `--forward` the new version. */
  to: string | undefined;
}
