# SPDX-License-Identifier: Apache-2.0
"""The programs of examples/python, each in a process of its own."""

import os
import pathlib
import subprocess
import sys

import pytest

import onnx_models
from conftest import ROOT

EXAMPLES = ROOT / "examples" / "python"
BUILD = pathlib.Path(os.environ.get("BATON_BUILD_DIR", ROOT / "build" / "release"))


def run(command, machine=None):
    """What a program printed; `machine` is a script of examples/sim."""
    env = {**os.environ, "BATON_STORE": "off"}
    env.pop("BATON_SIM", None)
    if machine:
        env["BATON_SIM"] = str(ROOT / "examples" / "sim" / machine)
    done = subprocess.run([*map(str, command)], env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, f"exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def run_example(name, *arguments, machine=None):
    return run([sys.executable, EXAMPLES / name, *arguments], machine)


@pytest.fixture
def tiny(tmp_path):
    """Enough for simulated devices."""
    path = tmp_path / "tiny.onnx"
    path.write_bytes(onnx_models.twice())
    return path


@pytest.fixture
def pillow():
    pytest.importorskip("PIL", reason="pictures are read with Pillow")


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.name)
def test_examples_are_short_and_say_how_they_are_used(path, pillow):
    assert len(path.read_text().splitlines()) < 80
    if path.name != "hello_query_device.py":  # it takes no argument, as the program in C++
        assert f"usage: {path.name}" in run_example(path.name, "--help")


def test_a_picture_is_classified(test_data, pillow):
    model = test_data / "models" / "googlenet-v1" / "googlenet-v1.onnx"
    labels = test_data / "labels" / "synset_words.txt"
    text = run_example("classify_picture.py", model, test_data / "images" / "coral_bird.bmp", "--labels", labels)
    score, answer = text.splitlines()[0].split("  ")
    assert float(score) > 0.99 and answer == "19 n01592084 chickadee" and "answered by CPU/" in text


@pytest.fixture
def text_model(pillow):
    path = BUILD.parent / "deps" / "models" / "ch_PP-OCRv4_rec_infer.onnx"
    if not path.exists():
        pytest.skip(f"there is no {path}; scripts/setup --demo-model fetches it")
    return path


@pytest.mark.parametrize("words", ["HELLO BATON", "Engine 42"])
def test_text_is_read(text_model, words):
    text = run_example("read_text.py", text_model, "--draw", words)
    assert text.splitlines()[0] == words and "answered by CPU/" in text


def test_text_is_read_from_a_file(text_model, tmp_path):
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", (500, 80), "lightyellow")
    ImageDraw.Draw(picture).text((30, 10), "From a file", fill="navy", font=ImageFont.load_default(48))
    picture.save(tmp_path / "line.png")
    text = run_example("read_text.py", text_model, tmp_path / "line.png").splitlines()[0]
    assert text.replace(" ", "") == "Fromafile"  # how wide a gap is a blank, the model sees in its own way


def test_frames_are_answered_in_order(test_data):
    model = test_data / "models" / "face" / "version-RFB-320.onnx"
    text = run_example("stream_frames.py", model, "--frames", 200)
    assert text.startswith("frame 0: answered by CPU/") and "200 frames in order" in text


def test_priorities_on_a_simulated_machine(tiny):
    lines = run_example("two_priorities.py", tiny, machine="m2.json").splitlines()
    assert lines[:5] == [
        "HIGH: GPU.1",
        "MEDIUM beside it: GPU.0",
        "LOW beside both: CPU",
        "MEDIUM after HIGH is gone: GPU.1",
        "why LOW is where it is:",
    ]


def test_all_devices_work_at_once(tiny):
    text = run_example("all_devices.py", tiny, "--pictures", 400, machine="m2.json").splitlines()
    assert text[:3] == ["serving already: CPU", "serving: GPU.1 GPU.0 CPU", "scheduled by EARLIEST_FINISH"]
    answered = {device: int(count) for device, _, count in map(str.split, text[4:])}
    assert set(answered) == {"CPU", "GPU.0", "GPU.1"} and sum(answered.values()) == 400


def test_a_machine_is_rehearsed(tiny):
    text = run_example("rehearse_machine.py", tiny, machine="m3.json")
    assert "devices: CPU GPU" in text and "SWITCHED GPU/" in text
    assert "answers until steady; now GPU/" in text.splitlines()[-1]


@pytest.mark.parametrize("machine", [f"m{number}.json" for number in range(1, 7)] + [None])
def test_B1616_devices_are_told_of_in_the_same_lines_as_in_cpp(machine):
    program = BUILD / "bin" / "hello_query_device"
    if not program.exists():
        pytest.skip(f"there is no {program}")
    expected = run([program], machine).splitlines()
    assert run_example("hello_query_device.py", machine=machine).splitlines() == expected and len(expected) > 10


def test_B317_arguments_are_refused_with_the_usage_on_stdout():
    done = subprocess.run([sys.executable, EXAMPLES / "hello_query_device.py", "-x"], capture_output=True, text=True)
    assert done.returncode == 1 and done.stdout.startswith("usage: hello_query_device\n") and not done.stderr
