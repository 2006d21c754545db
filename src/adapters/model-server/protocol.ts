import type { ModelName, ModelSignature } from '../../ports.ts';
import type { BatchCall, BatchReply } from './endpoint.ts';

/** The words in which a model server is spoken to: messages in, messages out, no connection. */
export interface Protocol {
  /** Method paths, `/package.Service/Method`. */
  readonly paths: {
    readonly predict: string;
    readonly signature: string;
    readonly probe: string;
  };
  /** The message in pieces, among them views on the rows. `signature` names the one of the model that is used. */
  predictRequest(
    call: Pick<BatchCall, 'model' | 'inputs' | 'outputs'>,
    signature: string,
  ): Uint8Array[];
  /** The tensors of the reply lie in the memory of the message. */
  predictReply(message: Buffer): BatchReply;
  signatureRequest(model: ModelName): Buffer;
  /** Throws `model_mismatch` if the model has no signature of this name. */
  signatureReply(message: Buffer, model: ModelName, signature: string): ModelSignature;
  probeRequest(): Buffer;
  /** False if the server answered that it is not ready. */
  isReady(message: Buffer): boolean;
}
