import { status } from '@grpc/grpc-js';
import {
  AVAILABLE,
  GetModelMetadataRequest,
  GetModelMetadataResponse,
  GetModelStatusRequest,
  GetModelStatusResponse,
  PredictRequest,
  PredictResponse,
  SignatureDefMap,
  type Spec,
} from '../adapters/model-server/tf-serving/messages.ts';
import { numberOfName, numberOfType } from '../adapters/model-server/tf-serving/data-type.ts';
import { tfServing } from '../adapters/model-server/tf-serving/protocol.ts';
import { findTensor } from '../adapters/model-server/tf-serving/tensor.ts';
import type { TensorInfo } from '../ports.ts';
import { CallFailure, invalid } from './call-failure.ts';
import { checkTypes } from './check-types.ts';
import type { Inference, Wanted } from './inference.ts';
import type { ServedModel } from './served-model.ts';
import { tensorsOf } from './served-model.ts';
import { tensorProto, type TensorForm } from './tensor-proto.ts';
import { unary, type Method } from './unary-method.ts';

/** PredictionService and ModelService of TensorFlow Serving. */
export function tfServingMethods(inference: Inference, form: TensorForm): Method[] {
  const { paths } = tfServing;
  return [
    unary(
      paths.predict,
      { request: PredictRequest, reply: PredictResponse },
      async ({ modelSpec, inputs, outputFilter }) => {
        const model = inference.find(wantedOf(modelSpec));
        checkSignature(model, modelSpec?.signatureName);
        const found = Array.from(inputs, ([name, tensor]) => findTensor(name, tensor));
        checkTypes(model, found);
        const tensors = tensorsOf(found);
        const outputs = await inference.predict(model, tensors, outputFilter);
        const protos = Array.from(outputs, ([name, tensor]) => {
          const type = model.outputs.find((info) => info.name === name)?.type ?? 'float32';
          return [name, tensorProto(tensor, { type, form })] as const;
        });
        return { outputs: new Map(protos), modelSpec: specOf(model) };
      },
    ),
    unary(
      paths.signature,
      { request: GetModelMetadataRequest, reply: GetModelMetadataResponse },
      ({ modelSpec, metadataField }) => {
        const model = inference.find(wantedOf(modelSpec));
        const strange = metadataField.find((field) => field !== 'signature_def');
        if (strange !== undefined) throw invalid(`Metadata field ${strange} is not supported`);
        return {
          modelSpec: specOf(model),
          metadata: new Map([['signature_def', signatureDef(model)]]),
        };
      },
    ),
    unary(
      paths.probe,
      { request: GetModelStatusRequest, reply: GetModelStatusResponse },
      ({ modelSpec }) => {
        const versions = inference.versions(modelSpec?.name ?? '');
        const noError = { errorCode: 0, errorMessage: '' };
        return {
          modelVersionStatus: versions.map((version) => ({
            version,
            state: AVAILABLE,
            status: noError,
          })),
        };
      },
    ),
  ];
}

function signatureOf({ signature = 'serving_default' }: ServedModel): string {
  return signature;
}

function checkSignature(model: ServedModel, wanted = ''): void {
  if (wanted === '' || wanted === signatureOf(model)) return;
  throw new CallFailure(status.FAILED_PRECONDITION, `Serving signature key "${wanted}" not found.`);
}

function wantedOf(spec: Spec | undefined): Wanted {
  if (spec === undefined) throw invalid('Missing ModelSpec');
  return { name: spec.name, version: spec.version?.value };
}

function specOf({ name, version }: ServedModel): { name: string; version: { value: number } } {
  return { name, version: { value: version } };
}

function signatureDef(model: ServedModel): { typeUrl: string; value: Uint8Array } {
  const signature = {
    inputs: infosOf(model.inputs, 'serving_default'),
    outputs: infosOf(model.outputs, 'StatefulPartitionedCall'),
    methodName: 'tensorflow/serving/predict',
  };
  return {
    typeUrl: 'type.googleapis.com/tensorflow.serving.SignatureDefMap',
    value: SignatureDefMap.encode({ signatureDef: new Map([[signatureOf(model), signature]]) }),
  };
}

function infosOf(infos: readonly TensorInfo[], origin: string) {
  return new Map(
    infos.map(({ name, type, typeName, shape }) => [
      name,
      {
        name: `${origin}_${name}:0`,
        dtype: numberOfName(typeName) ?? numberOfType(type),
        tensorShape:
          shape === undefined ? { unknownRank: true } : { dim: shape.map((size) => ({ size })) },
      },
    ]),
  );
}
