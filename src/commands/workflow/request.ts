/** What the command was asked. */
export interface WorkflowRequest {
  readonly action: string;
  /** The file of the workflow; for `new` its name. */
  readonly file: string;
  readonly input: string | undefined;
  /** `NAME=VALUE` each. */
  readonly fields: readonly string[];
  readonly output: string;
  readonly package: string | undefined;
}
