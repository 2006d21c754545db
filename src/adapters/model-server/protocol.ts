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
  /**
   * The message in pieces, among them views on the rows. `signature` tells which inputs need another type than
   * float32; without it all are sent as float32.
   */
  predictRequest(
    call: Pick<BatchCall, 'model' | 'inputs' | 'outputs'>,
    signature: ModelSignature | undefined,
  ): Uint8Array[];
  /** The tensors of the reply lie in the memory of the message. */
  predictReply(message: Buffer): BatchReply;
  signatureRequest(model: ModelName): Buffer;
  signatureReply(message: Buffer, model: ModelName): ModelSignature;
  probeRequest(): Buffer;
  /** False if the server answered that it is not ready. */
  isReady(message: Buffer): boolean;
}
