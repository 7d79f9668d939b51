# SPDX-License-Identifier: Apache-2.0
"""examples/notebooks/auto_device.ipynb runs as it stands, on googlenet-v1 and on its own model; its figures hold."""

import itertools
import os
import re
import subprocess
import sys

import numpy as np
import pytest

from conftest import ROOT

image = pytest.importorskip("matplotlib.image", reason="the notebook needs matplotlib")

PLOTS = ("picture", "first_answer", "hints", "hints_over_time", "startup_trace", "explain")


def run_notebook(data, plots):
    env = {
        "BATON_NOTEBOOK_INTERVAL": "0.25",
        "BATON_NOTEBOOK_PLOTS": str(plots),
        "BATON_STORE": "off",  # records of other runs would decide otherwise
        "BATON_TEST_DATA": str(data),
        "MPLBACKEND": "Agg",
    }
    notebook = ROOT / "examples" / "notebooks" / "auto_device.ipynb"
    return subprocess.run(
        [sys.executable, "-m", "baton.compat", str(notebook)],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=240,
    )


@pytest.fixture(scope="module", params=["googlenet-v1", "colours"])
def executed(request, tmp_path_factory):
    """The model's name, what was printed, what was logged, the folder of the plots."""
    folder = tmp_path_factory.mktemp("notebook")
    (folder / "plots").mkdir()
    data = folder / "no data" if request.param == "colours" else request.getfixturevalue("test_data")
    done = run_notebook(data, folder / "plots")
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return request.param, done.stdout, done.stderr, folder / "plots"


def table(text, *columns):
    """The rows, as dicts, of the printed table whose first columns have these names."""
    lines = [re.split(r" {2,}", line.strip()) for line in text.splitlines()]
    start = next(i for i, cells in enumerate(lines) if cells[: len(columns)] == [*columns])
    head, rows = lines[start], lines[start + 2 :]  # between them is a rule
    return [dict(zip(head, cells)) for cells in itertools.takewhile(lambda cells: len(cells) == len(head), rows)]


def test_the_model_that_is_at_hand_is_used_and_right(executed):
    model, text, _, _ = executed
    assert f"model: {model}" in text
    best = table(text, "class", "label", "score")
    expected, lowest = ("macaw", 0.99) if model == "googlenet-v1" else ("orange", 0.35)
    assert len(best) == 5 and best[0]["label"] == expected and float(best[0]["score"]) > lowest


def test_the_log_level_is_set_in_both_ways(executed):
    _, text, log, _ = executed
    assert "LOG_LEVEL from now on: LOG_INFO" in text
    assert log.count("will load CPU as helper") == 2, log  # the other models are silent


def test_the_first_answers_are_measured(executed):
    rows = table(executed[1], "device", "compile ms")
    assert [row["device"] for row in rows] == ["CPU", "AUTO"]
    for row in rows:
        parts = [float(row[name]) for name in ("compile ms", "first inference ms", "first answer ms")]
        assert min(parts) > 0 and parts[2] == pytest.approx(parts[0] + parts[1], abs=0.02) and parts[2] < 60_000
        assert row["answered by"].startswith("CPU/")


def test_the_figures_of_each_interval_and_of_the_hints_fit_together(executed):
    _, text, _, _ = executed
    intervals = [tuple(map(float, found)) for found in re.findall(r"([\d.]+) FPS +([\d.]+) ms +in ([\d.]+) s", text)]
    assert len(intervals) == 12
    assert all(fps > 0 and ms > 0 and seconds >= 0.25 for fps, ms, seconds in intervals)
    rows = table(text, "hint", "requests")
    assert [row["hint"] for row in rows] == ["THROUGHPUT", "LATENCY"]
    for row, of_hint in zip(rows, (intervals[:6], intervals[6:]), strict=True):
        requests, mean_fps = int(row["requests"]), float(row["FPS"])
        assert 0 < mean_fps < 100_000
        # Little's law: answers a second times seconds each are the requests at work, of which there are no more, but
        # that they were at work already when the interval began. It holds for each interval; of their means it does not
        # where a busy machine makes one slow and the next fast.
        for fps, ms, seconds in of_hint:
            most = 1.2 * requests * (1 + ms / 1000 / seconds)
            assert 0.1 * requests < fps * ms / 1000 < most, (row, of_hint)


def test_the_trace_and_the_report_tell_of_the_hand_over(executed):
    _, text, _, _ = executed
    events = [row["event"] for row in table(text, "ms", "event")]
    assert {"LOAD_STARTED", "LOAD_FINISHED"} <= set(events)
    stages = table(text, "generation", "answered by")
    assert len(stages) == 1 + events.count("SWITCHED") and all(int(row["answers"]) > 0 for row in stages)
    assert "CPU" in [row["device"] for row in table(text, "device", "engine", "verdict")]
    loads = [row["load ms"] for row in table(text, "way to run", "verdict")]
    assert any(load != "-" and float(load) > 0 for load in loads)


@pytest.mark.parametrize("name", PLOTS)
def test_the_plots_show_something(executed, name):
    path = executed[3] / f"{name}.png"
    assert path.stat().st_size > 5_000
    pixels = (image.imread(path)[..., :3] * 255).astype(np.uint8).reshape(-1, 3)
    assert len(pixels) > 200_000
    # Colours that are no grey: bars, points, pictures, not only axes and text.
    coloured = pixels[np.ptp(pixels, axis=1) > 40]
    assert len(np.unique(coloured, axis=0)) > 1 and len(coloured) > 0.002 * len(pixels)
