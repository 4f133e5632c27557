"""Build the three pose model bundles from Google's published packages, byte for byte.

    python models/build.py WHEEL NPM_TGZ [--out DIR] [--check]

WHEEL is the PyPI package mediapipe 0.10.21, NPM_TGZ the npm package @mediapipe/pose 0.5.1675469404; README.md
beside this file says how to fetch them. The only library needed is ``flatbuffers``, which mediapipe itself requires;
the schema of TFLite files and of their metadata is read out of the wheel, so that mediapipe need not be installed.

A bundle is an uncompressed zip of two TFLite files. MediaPipe's Tasks API refuses them without a metadata record that
says how pictures are normalised, so this script adds one. It takes out the operations that draw the outline of the body
(segmentation), which nothing here asks for and which cost a third of the time; weights and all else are Google's, and
the landmarks are the same to the last bit.
Every weight starts at a multiple of 16 bytes in its TFLite file and every TFLite file at a multiple of 64 bytes in the
bundle, so that the runtime can use them in place instead of copying them ("unaligned buffer" in its log).
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tarfile
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import flatbuffers  # type: ignore[import-untyped]  # it has no type information

WHEEL_POSE = "mediapipe/modules"
WHEEL_SCHEMA = "mediapipe/tasks/metadata"
TENSOR_ALIGNMENT = 16  # what the TFLite schema asks for: Buffer.data is force_align 16
MEMBER_ALIGNMENT = 64
LOCAL_HEADER_SIZE = 30  # of a zip member, before its name and extra field (PKWARE APPNOTE 4.3.7)
PADDING_FIELD = 0xD935  # the zip extra field that Android's zipalign uses for padding
METADATA_NAME = "TFLITE_METADATA"
# Outputs of a landmark model: landmarks, how sure a pose is, the outline, heat maps, landmarks in metres.
SURENESS_OUTPUT, OUTLINE_OUTPUT = 1, 2


class Normalization(NamedTuple):
    """What is done to a colour value 0..255 before the network sees it: (value - mean) / std."""

    mean: float
    std: float


class Source(NamedTuple):
    """One TFLite file as published, and the SHA-256 that it must have."""

    package: str  # "wheel" or "npm"
    member: str
    sha256: str


# The detector sees -1..1, the landmark models 0..1 (mediapipe/modules/pose_detection/pose_detection_cpu.pbtxt and
# mediapipe/modules/pose_landmark/pose_landmark_by_roi_cpu.pbtxt of MediaPipe 0.10.21).
DETECTOR_NORMALIZATION = Normalization(127.5, 127.5)
LANDMARK_NORMALIZATION = Normalization(0.0, 255.0)

DETECTOR = Source(
    "wheel",
    f"{WHEEL_POSE}/pose_detection/pose_detection.tflite",
    "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
)
LANDMARKS = {
    "lite": Source(
        "npm",
        "package/pose_landmark_lite.tflite",
        "f17bfbecadb61c3be1baa8b8d851cc6619c870a87167b32848ad20db306b9d61",
    ),
    "full": Source(
        "wheel",
        f"{WHEEL_POSE}/pose_landmark/pose_landmark_full.tflite",
        "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
    ),
    "heavy": Source(
        "npm",
        "package/pose_landmark_heavy.tflite",
        "59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe",
    ),
}


def sha256(content: bytes) -> str:
    """Hexadecimal SHA-256 of the bytes."""
    return hashlib.sha256(content).hexdigest()


def read_source(source: Source, wheel: Path, npm_tgz: Path) -> bytes:
    """The published TFLite file; stops the program if it is not the expected one."""
    if source.package == "wheel":
        with zipfile.ZipFile(wheel) as archive:
            content = archive.read(source.member)
    else:
        with tarfile.open(npm_tgz) as archive:
            member = archive.extractfile(source.member)
            content = member.read() if member else b""
    if sha256(content) != source.sha256:
        sys.exit(f"{source.member}: expected SHA-256 {source.sha256}, got {sha256(content)}; is it the right version?")
    return content


def schema_from_wheel(wheel: Path, name: str) -> ModuleType:
    """A generated flatbuffers module, run from the wheel's source text."""
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(f"{WHEEL_SCHEMA}/{name}.py")
    module = ModuleType(name)
    exec(compile(text, name, "exec"), module.__dict__)  # noqa: S102 - Google's generated code, in a pinned wheel
    return module


def metadata_record(schema: Any, model_name: str, normalization: Normalization, output_count: int) -> bytes:
    """The TFLite metadata that the Tasks API demands: one RGB picture and its normalisation, outputs by number."""
    unit = schema.ProcessUnitT()
    unit.optionsType = schema.ProcessUnitOptions.NormalizationOptions
    unit.options = schema.NormalizationOptionsT()
    unit.options.mean, unit.options.std = [normalization.mean], [normalization.std]
    image = schema.TensorMetadataT()
    image.name = "image"
    image.content = schema.ContentT()
    image.content.contentPropertiesType = schema.ContentProperties.ImageProperties
    image.content.contentProperties = schema.ImagePropertiesT()
    image.content.contentProperties.colorSpace = schema.ColorSpaceType.RGB
    image.processUnits = [unit]
    graph = schema.SubGraphMetadataT()
    graph.inputTensorMetadata = [image]
    graph.outputTensorMetadata = []
    for index in range(output_count):
        output = schema.TensorMetadataT()
        output.name = f"out{index}"
        graph.outputTensorMetadata.append(output)
    model = schema.ModelMetadataT()
    model.name = model_name
    model.minParserVersion = "1.0.0"
    model.subgraphMetadata = [graph]
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"M001")
    return bytes(builder.Output())


def pack_aligned(schema: Any) -> Any:
    """A BufferT.Pack that honours the schema's ``force_align: 16``, which the generated Python code ignores."""

    def pack(buffer: Any, builder: flatbuffers.Builder) -> int:
        vector = None
        if buffer.data is not None and len(buffer.data):
            content = bytes(buffer.data)
            builder.StartVector(1, len(content), TENSOR_ALIGNMENT)
            builder.head -= len(content)
            builder.Bytes[builder.head : builder.head + len(content)] = content
            vector = builder.EndVector()
        schema.BufferStart(builder)
        if vector is not None:
            schema.BufferAddData(builder, vector)
        return int(schema.BufferEnd(builder))

    return pack


def without_outline(model: Any) -> None:
    """Take out the operations that only the outline needs.

    MediaPipe counts the outputs, so that one must stay: it is the sureness before its last reshaping, a single number.
    """
    graph = model.subgraphs[0]
    outputs = [int(tensor) for tensor in graph.outputs]
    maker = {int(tensor): operator for operator in graph.operators for tensor in operator.outputs}
    outputs[OUTLINE_OUTPUT] = int(maker[outputs[SURENESS_OUTPUT]].inputs[0])
    needed, asked = set(), list(outputs)
    while asked:
        operator = maker.get(asked.pop())
        if operator is not None and id(operator) not in needed:
            needed.add(id(operator))
            asked += [int(tensor) for tensor in operator.inputs]
    graph.operators = [operator for operator in graph.operators if id(operator) in needed]
    graph.outputs = outputs


def with_metadata(
    tflite: bytes, schema: Any, metadata_schema: Any, name: str, normalization: Normalization, *, outline: bool = True
) -> bytes:
    """The same model with our metadata record in place of any it has, aligned weights, and if told no outline."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(tflite, 0))
    if not outline:
        without_outline(model)
    entry = next((entry for entry in model.metadata if entry.name == METADATA_NAME.encode()), None)
    if entry is None:
        entry = schema.MetadataT()
        entry.name, entry.buffer = METADATA_NAME, len(model.buffers)
        model.metadata.append(entry)
        model.buffers.append(schema.BufferT())
    record = metadata_record(metadata_schema, name, normalization, len(model.subgraphs[0].outputs))
    model.buffers[entry.buffer].data = record
    schema.BufferT.Pack = pack_aligned(schema)
    builder = flatbuffers.Builder(len(tflite) + 2**16)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def write_bundle(path: Path, members: dict[str, bytes]) -> None:
    """An uncompressed zip with fixed dates and every member's data at a multiple of 64 bytes."""
    with path.open("wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as bundle:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o644 << 16  # the same bytes on every operating system
            unpadded = file.tell() + LOCAL_HEADER_SIZE + len(name) + 4
            padding = -unpadded % MEMBER_ALIGNMENT
            info.extra = PADDING_FIELD.to_bytes(2, "little") + padding.to_bytes(2, "little") + bytes(padding)
            bundle.writestr(info, content)


def build(wheel: Path, npm_tgz: Path, out: Path, *, outline: bool = False) -> list[Path]:
    """Write the three bundles into ``out`` and return their paths; ``outline`` leaves in what draws the body's."""
    schema = schema_from_wheel(wheel, "schema_py_generated")
    metadata_schema = schema_from_wheel(wheel, "metadata_schema_py_generated")
    out.mkdir(parents=True, exist_ok=True)
    detector_tflite = read_source(DETECTOR, wheel, npm_tgz)
    detector = with_metadata(detector_tflite, schema, metadata_schema, "pose_detector", DETECTOR_NORMALIZATION)
    paths = []
    for size, source in LANDMARKS.items():
        tflite = read_source(source, wheel, npm_tgz)
        landmarks = with_metadata(
            tflite, schema, metadata_schema, "pose_landmarks", LANDMARK_NORMALIZATION, outline=outline
        )
        path = out / f"pose_landmarker_{size}.task"
        write_bundle(path, {"pose_detector.tflite": detector, "pose_landmarks_detector.tflite": landmarks})
        paths.append(path)
    return paths


def main() -> int:
    """Build, or with ``--check`` build elsewhere and compare; 0 if all is as it should be."""
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description="Build the pose model bundles from the published packages.")
    parser.add_argument("wheel", type=Path, help="the file mediapipe-0.10.21-….whl")
    parser.add_argument("npm_tgz", type=Path, help="the file mediapipe-pose-0.5.1675469404.tgz")
    parser.add_argument("--out", type=Path, default=here, help="folder for the bundles (default: beside this script)")
    parser.add_argument("--check", action="store_true", help="compare with the bundles beside this script")
    parser.add_argument("--outline", action="store_true", help="leave in what draws the body's outline, as published")
    arguments = parser.parse_args()
    if arguments.check and arguments.out.resolve() == here:
        parser.error("--check needs --out DIR, a folder other than the one that is checked")
    differing = 0
    for path in build(arguments.wheel, arguments.npm_tgz, arguments.out, outline=arguments.outline):
        digest = sha256(path.read_bytes())
        print(f"{digest}  {path.stat().st_size:>9}  {path.name}")
        if arguments.check and sha256((here / path.name).read_bytes()) != digest:
            print(f"{path.name}: differs from the one beside this script", file=sys.stderr)
            differing += 1
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
