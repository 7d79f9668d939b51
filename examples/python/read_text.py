# SPDX-License-Identifier: Apache-2.0
"""What does the line of text on the picture say?

read_text.py ch_PP-OCRv4_rec_infer.onnx PICTURE
read_text.py ch_PP-OCRv4_rec_infer.onnx --draw "HELLO BATON"       without a picture: draws one first
"""

import argparse

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import baton

HEIGHT = 48  # of the line that the model reads; it may be of any length


def draw(text):
    """Black on white, in the font that Pillow brings."""
    font = ImageFont.load_default(36)
    width = int(font.getlength(text)) + 40
    picture = Image.new("RGB", (width, HEIGHT), "white")
    ImageDraw.Draw(picture).text((20, HEIGHT // 2), text, fill="black", font=font, anchor="lm")
    return picture


def read_characters(model):
    """What the model knows is text in its file, one character per line. Class 0 of the network is "nothing here", the
    last one a blank."""
    return ["", *model.get_rt_info(["framework", "character"]).astype(str).split("\n"), " "]


def to_tensor(picture):
    """Planes with values of -1..1: [1,3,48,width]."""
    line = picture.convert("RGB").resize((picture.width * HEIGHT // picture.height, HEIGHT), Image.Resampling.BILINEAR)
    pixels = np.asarray(line, dtype=np.float32)[:, :, ::-1] / 127.5 - 1
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None])


def main():
    parser = argparse.ArgumentParser(description="What does the line of text on the picture say?")
    parser.add_argument("model", help="a text recognition model of PaddleOCR, as ONNX")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("picture", nargs="?", help="a file that Pillow reads, with one line of text")
    source.add_argument("--draw", metavar="TEXT", help="draw this text and read it")
    arguments = parser.parse_args()

    tensor = to_tensor(draw(arguments.draw) if arguments.draw else Image.open(arguments.picture))
    core = baton.Core()
    model = core.read_model(arguments.model)
    model.reshape(list(tensor.shape))
    request = core.compile_model(model).create_infer_request()
    best = request.infer(tensor)[0][0].argmax(axis=1)  # of [1, places along the line, characters]

    characters = read_characters(model)
    changes = np.flatnonzero(np.diff(best, prepend=0))  # a character may fill several places
    print("".join(characters[best[place]] for place in changes).strip())  # the margins may pass for blanks
    print(f"answered by {request.device}/{request.engine}")


if __name__ == "__main__":
    main()
