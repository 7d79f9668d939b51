#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright (C) 2026 The Baton authors
"""A short burst: from the start of a Python process to the last of N answers.

  run_burst.py --models-dir DIR --shared DIR [--models NAME...] [--impl NAME...] [--frames N...] [--reps N]
               [--hint THROUGHPUT] [--other BUILD] [--out DIR]

Every sample is a fresh process that imports the package, reads, compiles, and sends N frames through an AsyncInferQueue of
the optimal size, without a store of records and without a cache; the implementations in turn (A B C A B C). --other gives
the build folder of another Baton, shown as other:AUTO. Prints ms since the start of the process, median (lowest–highest):
first and last answer; of Baton also when its target was loaded and when it began to serve, and how many answers came before.
With --out it writes burst.jsonl there.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import run_startup
import startup_tables
from run_python_turns import load_peers

FIGURES = {"first": "first answer", "loaded": "target loaded", "switched": "target serves", "before": "answers before",
           "last": "last answer"}


# ---------------------------------------------------------------------------------------------------------------------
# In the process that is measured. Its clock is the driver's: time.monotonic_ns.

def work(spec):
    import importlib
    import numpy
    lib = importlib.import_module("openvino" if spec["impl"].startswith("openvino") else "baton")
    feeds = dict(numpy.load(spec["feeds"]))
    core, events, ends = lib.Core(), [], []
    model = core.read_model(spec["path"])
    if spec["dynamic"]:
        model.reshape({name: list(array.shape) for name, array in feeds.items()})
    listener = {"on_event": events.append} if lib.__name__ == "baton" else {}
    compiled = core.compile_model(model, spec["impl"].split(":", 1)[1], {"PERFORMANCE_HINT": spec["hint"]}, **listener)
    queue = lib.AsyncInferQueue(compiled)
    queue.set_callback(lambda request, number: ends.append(time.monotonic_ns()))
    for number in range(spec["frames"]):
        queue.start_async(feeds, number, share_inputs=True)
    queue.wait_all()
    print(json.dumps({"ends": ends, "requests": len(queue),
                      "events": [[e.type, e.time, e.device, e.engine, e.text] for e in events]}))


# ---------------------------------------------------------------------------------------------------------------------
# The driver

def sample(spec, other):
    variables = {"BATON_STORE": "off"}
    if spec["impl"].startswith("other:"):
        variables |= {"PYTHONPATH": str(other / "python"), "LD_LIBRARY_PATH": str(other / "lib")}
    command = [sys.executable, __file__, "--worker", json.dumps(spec)]
    began = time.monotonic_ns()
    done = subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True, check=False,
                          timeout=run_startup.TIMEOUT_S)
    if done.returncode != 0:
        raise SystemExit(f"{spec['impl']} ended with {done.returncode}: {done.stderr}")
    told = json.loads(done.stdout.splitlines()[-1])
    ms = lambda ns: (ns - began) / 1e6
    last_of = lambda kind: next((ms(when) for type, when, *_ in reversed(told["events"]) if type == kind), None)
    switched = last_of("SWITCHED")
    return {**told, "first": ms(told["ends"][0]), "last": ms(told["ends"][-1]), "loaded": last_of("LOAD_FINISHED"),
            "switched": switched, "before": sum(ms(end) < switched for end in told["ends"]) if switched else None}


def cell(values):
    if None in values:
        return ""
    return f"{statistics.median(values):.0f} ({min(values):.0f}–{max(values):.0f})"


def render(samples, impls):
    rows = [["model", "frames", "implementation", *FIGURES.values(), "last / best peer"]]
    for model, frames in startup_tables.in_order((s["model"], s["frames"]) for s in samples):
        own = {impl: [s for s in samples if (s["model"], s["frames"], s["impl"]) == (model, frames, impl)] for impl in impls}
        last = {impl: statistics.median(s["last"] for s in found) for impl, found in own.items()}
        peers = [value for impl, value in last.items() if impl.startswith("openvino")]
        for impl, found in own.items():
            rows.append([model, str(frames), impl, *(cell([s[figure] for s in found]) for figure in FIGURES),
                         f"{last[impl] / min(peers):.2f}" if peers else ""])
    return startup_tables.table(rows)


def parse(argv):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--worker", type=json.loads, help=argparse.SUPPRESS)
    p.add_argument("--shared", type=Path, help="the folder of bench/peers.py and models/")
    p.add_argument("--models-dir", type=Path, help="what `peers.py fetch` fetched")
    p.add_argument("--models", nargs="+", default=["googlenet", "ocr_rec", "magika"])
    p.add_argument("--impl", nargs="+", default=["openvino:CPU", "openvino:AUTO", "baton:AUTO"])
    p.add_argument("--frames", nargs="+", type=int, default=[60, 300])
    p.add_argument("--reps", type=int, default=7)
    p.add_argument("--hint", default="THROUGHPUT")
    p.add_argument("--other", type=Path)
    p.add_argument("--out", type=Path)
    return p.parse_args(argv)


def main():
    args = parse(sys.argv[1:])
    if args.worker:
        return work(args.worker)
    peers, about, samples = load_peers(args.shared), run_startup.describe_run(), []
    impls = args.impl + (["other:AUTO"] if args.other else [])
    with tempfile.TemporaryDirectory() as folder:
        feeds = Path(folder) / "feeds.npz"
        for model in peers.load_models(args.models, None):
            peers.np.savez(feeds, **peers.make_feeds(model["inputs"], 0))
            for frames in args.frames:
                for repetition in range(args.reps):
                    turn = repetition % len(impls)
                    for impl in impls[turn:] + impls[:turn]:
                        about_it = {"impl": impl, "frames": frames, "hint": args.hint}
                        spec = {**about_it, "path": str(peers.file_of(model, args.models_dir, impl)), "feeds": str(feeds),
                                "dynamic": model["dynamic"]}
                        samples.append({"model": model["name"], **about_it, **sample(spec, args.other)})
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
        (args.out / "burst.jsonl").write_text("".join(json.dumps({**about, **s}) + "\n" for s in samples), encoding="utf-8")
    print(f"{about['when']}, commit {about['commit']}, {about['cores']} cores; `{about['command']}`\n")
    print("\n".join(render(samples, impls)))


if __name__ == "__main__":
    sys.exit(main())
