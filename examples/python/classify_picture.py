# SPDX-License-Identifier: Apache-2.0
"""What is on the picture?

classify_picture.py googlenet-v1.onnx PICTURE [--labels synset_words.txt]
"""

import argparse
import pathlib

import numpy as np
from PIL import Image

import baton


def to_tensor(picture):
    """Planes of blue, green and red, less the means of the training pictures: GoogLeNet's input, [1,3,224,224]."""
    pixels = np.asarray(picture.convert("RGB").resize((224, 224), Image.Resampling.BILINEAR), dtype=np.float32)
    return np.ascontiguousarray((pixels[:, :, ::-1] - (104, 117, 123)).transpose(2, 0, 1)[None], dtype=np.float32)


def main():
    parser = argparse.ArgumentParser(description="What is on the picture?")
    parser.add_argument("model", help="googlenet-v1.onnx, or another model with its input and classes")
    parser.add_argument("picture", help="a file that Pillow reads")
    parser.add_argument("--labels", type=pathlib.Path, help="a file with the name of one class per line")
    arguments = parser.parse_args()
    labels = arguments.labels.read_text(encoding="utf-8").splitlines() if arguments.labels else []

    compiled = baton.compile_model(arguments.model)  # no device name: AUTO, the quickest engine answers first
    request = compiled.create_infer_request()
    scores = request.infer(to_tensor(Image.open(arguments.picture)))[0].ravel()
    for index in np.argsort(scores)[::-1][:5]:
        print(f"{scores[index]:.4f}  {index} {labels[index] if index < len(labels) else ''}")
    print(f"answered by {request.device}/{request.engine} in {request.latency:.1f} ms")


if __name__ == "__main__":
    main()
