import { status, type MethodDefinition, type handleUnaryCall } from '@grpc/grpc-js';
import type { Message } from '../adapters/model-server/protobuf/message.ts';
import { KnownError, messageOf } from '../errors.ts';
import { CallFailure, invalid } from './call-failure.ts';

/** Sees every request as it came: the path of its method and its bytes. */
export type OnRequest = (path: string, message: Buffer) => void;

/** One method of a gRPC service: how its messages are coded, and what answers it. */
export interface Method {
  readonly definition: MethodDefinition<Buffer, Buffer>;
  readonly handle: handleUnaryCall<Buffer, Buffer>;
}

/** A method that turns one message into another. What `answer` throws becomes the status of the call. */
export function unary<Request, Reply>(
  path: string,
  messages: {
    readonly request: Pick<Message<Request, never>, 'decode'>;
    readonly reply: { encode(reply: Reply): Uint8Array<ArrayBuffer> };
  },
  answer: (request: Request) => Reply | Promise<Reply>,
): Method {
  const respond = async (message: Buffer): Promise<Buffer> => {
    const reply = await answer(messages.request.decode(message));
    const { buffer, byteOffset, byteLength } = messages.reply.encode(reply);
    return Buffer.from(buffer, byteOffset, byteLength);
  };
  return {
    definition: {
      path,
      requestStream: false,
      responseStream: false,
      requestSerialize: asIs,
      requestDeserialize: asIs,
      responseSerialize: asIs,
      responseDeserialize: asIs,
    },
    handle: ({ request }, callback) => {
      respond(request).then(
        (reply) => callback(null, reply),
        (error: unknown) => callback(failureOf(error)),
      );
    },
  };
}

function asIs(message: Buffer): Buffer {
  return message;
}

function failureOf(error: unknown): CallFailure {
  if (error instanceof CallFailure) return error;
  if (error instanceof KnownError) return invalid(error.message);
  return new CallFailure(status.INTERNAL, messageOf(error));
}
