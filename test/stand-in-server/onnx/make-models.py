"""Makes the ONNX files of these tests, and computes what they give by numpy alone.

    apt-get install python3-onnx
    /usr/bin/python3 test/stand-in-server/onnx/make-models.py
    npx prettier --write test/stand-in-server/onnx/models/expected.json
"""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto as T, helper as h, numpy_helper

HERE = Path(__file__).parent / "models"
EXPECTED = {}


def info(name, shape, kind=T.FLOAT):
    return h.make_tensor_value_info(name, kind, shape)


def constant(name, values, dtype=np.float32):
    return numpy_helper.from_array(np.array(values, dtype), name)


def save(name, inputs, outputs, nodes, constants=()):
    graph = h.make_graph(nodes, name, inputs, outputs, list(constants))
    model = h.make_model(graph, opset_imports=[h.make_opsetid("", 13)], producer_name="tests")
    model.ir_version = 7
    onnx.checker.check_model(model)
    onnx.save(model, HERE / f"{name}.onnx")


def tiles(rows, columns, channels):
    """Two tiles [row, column, channel] that are alike nowhere."""
    count = 2 * rows * columns * channels
    return (np.arange(count, dtype=np.float32) * 7919 % 101 / 64).reshape(2, rows, columns, channels)


def expect(name, given, outputs):
    EXPECTED[name] = {
        "input": {"shape": given.shape, "data": given.ravel().tolist()},
        "outputs": {
            key: {"shape": value.shape, "data": value.astype(np.float32).ravel().tolist()}
            for key, value in outputs.items()
        },
    }


# Channels last. Its outputs stand in another order than that of their names.
save(
    "channels-last",
    [info("image", ["N", 17, 18, 2])],
    [info("sum", ["N", 17, 18, 1]), info("all", ["N", 17, 18, 2])],
    [
        h.make_node("Mul", ["image", "weights"], ["all"]),
        h.make_node("ReduceSum", ["all", "axis"], ["sum"], keepdims=1),
    ],
    [constant("weights", [2, -0.5]), constant("axis", [3], np.int64)],
)
image = tiles(17, 18, 2)
weighted = image * np.array([2, -0.5], np.float32)
expect("channels-last", image, {"0_sum": weighted.sum(axis=3, keepdims=True), "1_all": weighted})

# Channels first, a batch of one; one output has no pixels.
save(
    "channels-first",
    [info("x", [1, 2, 17, 18])],
    [info("heads", [1, 2, 17, 18]), info("mean", [1, 2])],
    [
        h.make_node("Mul", ["x", "weights"], ["heads"]),
        h.make_node("ReduceMean", ["x"], ["mean"], axes=[2, 3], keepdims=0),
    ],
    [constant("weights", np.array([3, -1]).reshape(1, 2, 1, 1))],
)
expect(
    "channels-first",
    image,
    {"heads": image * np.array([3, -1], np.float32), "mean": image.mean(axis=(1, 2))},
)

# Half precision in and out.
save(
    "half",
    [info("image", ["N", 17, 18, 1], T.FLOAT16)],
    [info("tenth", ["N", 17, 18, 1], T.FLOAT16)],
    [h.make_node("Mul", ["image", "tenth_of_one"], ["tenth"])],
    [constant("tenth_of_one", 0.1, np.float16)],
)
image = tiles(17, 18, 1)
expect("half", image, {"tenth": image.astype(np.float16) * np.float16(0.1)})

# Any size, and an output without an axis of channels.
save(
    "any-size",
    [info("image", ["N", 1, "H", "W"])],
    [info("twice", ["N", "H", "W"])],
    [h.make_node("Mul", ["image", "two"], ["four"]), h.make_node("Squeeze", ["four", "one"], ["twice"])],
    [constant("two", 2), constant("one", [1], np.int64)],
)

# Nuclei of the sample images: a blurred image as inner distance, what is bright as interior.
save(
    "nuclei",
    [info("image", ["N", 1, "H", "W"])],
    [info("inner", ["N", 1, "H", "W"]), info("interior", ["N", 1, "H", "W"])],
    [
        h.make_node("AveragePool", ["image"], ["inner"], kernel_shape=[7, 7], pads=[3, 3, 3, 3]),
        h.make_node("Sub", ["image", "level"], ["above"]),
        h.make_node("Relu", ["above"], ["interior"]),
    ],
    [constant("level", 0.4)],
)

# What cannot be served.
plane = ["N", 17, 18, 1]


def refuse(name, inputs, outputs, nodes=None, constants=()):
    copies = [h.make_node("Identity", [inputs[0].name], [out.name]) for out in outputs]
    save(name, inputs, outputs, nodes or copies, constants)


refuse("bytes-in", [info("image", plane, T.UINT8)], [info("out", plane, T.UINT8)])
refuse(
    "whole-numbers-out",
    [info("image", plane)],
    [info("classes", ["N", 17, 18], T.INT64)],
    [h.make_node("ArgMax", ["image"], ["classes"], axis=3, keepdims=0)],
)
refuse(
    "two-inputs",
    [info("image", plane), info("scale", [1])],
    [info("out", plane)],
    [h.make_node("Mul", ["image", "scale"], ["out"])],
)
refuse("batch-of-4", [info("image", [4, 17, 18, 1])], [info("out", [4, 17, 18, 1])])
refuse("three-axes", [info("image", ["N", 17, 18])], [info("out", ["N", 17, 18])])
free = ["N", "A", "B", "C"]
refuse("no-channels", [info("image", free)], [info("out", free)])
refuse("small-tiles", [info("image", ["N", 2, 6, 2])], [info("out", ["N", 2, 6, 2])])
refuse("misnumbered", [info("image", plane)], [info("out_2", plane), info("out_1", plane)])
refuse(
    "one-size",
    [info("image", ["N", 1, "H", "W"])],
    [info("out", [1, 100])],
    [h.make_node("Reshape", ["image", "shape"], ["out"])],
    [constant("shape", [1, 100], np.int64)],
)
refuse(
    "cube",
    [info("image", ["N", 1, 20, 20])],
    [info("out", ["N", 20, 20, 20])],
    [h.make_node("Expand", ["image", "shape"], ["out"])],
    [constant("shape", [1, 20, 20, 20], np.int64)],
)
refuse(
    "batch-last",
    [info("image", plane)],
    [info("out", [17, 18, 1, "N"])],
    [h.make_node("Transpose", ["image"], ["out"], perm=[1, 2, 3, 0])],
)

(HERE / "expected.json").write_text(json.dumps(EXPECTED) + "\n")
