#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright (C) 2026 The Baton authors
"""What run_turns.py does, in Python and with the adapters of peers.py: steady latency and throughput in turns.

  run_python_turns.py --models-dir DIR --shared DIR --out DIR [--rounds N] [--turn S] [--models NAME...] [--impl NAME...]

peers.py gives every sample a process of its own, one after another. On a shared host, whose clock changes by half from
one second to the next, its steady figures of one implementation differ by more than the 5 % in question. Here two
processes of each implementation (hint LATENCY: one request after another; hint THROUGHPUT: the optimal number in flight)
are settled and kept; a round gives each one turn of --turn seconds. A ratio is that of two turns of one round: median
over the rounds and, in brackets, the quartiles. Writes python_turns.jsonl and python_turns.md into --out.
"""
import argparse
import contextlib
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import run_startup
import startup_tables
from run_turns import PAUSE_S, ratio, turn_order

PHASES = {"latency": "p50_ms", "throughput": "fps"}
SETTLE_S = 20
WARM = 20


def load_peers(shared):
    spec = importlib.util.spec_from_file_location("peers", Path(shared) / "bench" / "peers.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# ---------------------------------------------------------------------------------------------------------------------
# The worker: loads and settles, answers a line with its outputs, then a line for every turn.

def work(shared, phase):
    peers = load_peers(shared)
    spec = json.loads(sys.stdin.readline())
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)                            # engines may print
    adapter, feeds = peers.adapter_for(spec["impl"]), peers.make_feeds(spec["inputs"], seed=0)
    adapter.open()
    began = time.perf_counter()
    try:
        adapter.load(spec["path"], feeds, spec["dynamic"], phase.upper())
        first = adapter.infer(feeds)
    except Exception as error:               # what a peer cannot load is a cell without a figure
        return say(answers, {"failed": peers.scrub(error)})
    settled = peers.settle(adapter, feeds, {"settle": SETTLE_S, "warm": WARM}, began)["settled"]
    say(answers, {"settled": settled, "first": peers.summarise(first), "steady": peers.summarise(adapter.infer(feeds))})
    for line in sys.stdin:
        seconds = float(line)
        if phase == "latency":
            times, _ = peers.timed(adapter, feeds, seconds)
            say(answers, statistics.median(times) * 1e3)
        else:
            times, elapsed, _, _ = adapter.flood(feeds, 0, seconds)
            say(answers, len(times) / elapsed)


def say(answers, what):
    print(json.dumps(what), file=answers, flush=True)


# ---------------------------------------------------------------------------------------------------------------------
# The driver

class Process:
    def __init__(self, impl, phase, model, args, peers):
        self.child = subprocess.Popen([sys.executable, __file__, "--worker", phase, "--shared", str(args.shared)],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                      env={**os.environ, "BATON_STORE": "off"})
        path = peers.file_of(model, args.models_dir, impl)
        self.about = self.ask(json.dumps({"impl": impl, "path": str(path), "inputs": model["inputs"], "dynamic": model["dynamic"]}))

    def ask(self, line):
        print(line, file=self.child.stdin, flush=True)
        answer = self.child.stdout.readline()
        if not answer:
            raise SystemExit(f"a worker ended: exit status {self.child.wait()}")
        return json.loads(answer)

    def end(self):
        self.child.stdin.close()
        self.child.wait(timeout=run_startup.TIMEOUT_S)


def disagreements(processes, peers):
    """What peers.py would call a MISMATCH, against its reference."""
    reference = next((p.about["first"] for (impl, _), p in processes.items() if impl == peers.REFERENCE), None)
    found = []
    for (impl, phase), process in processes.items():
        for where in ("first", "steady") if reference else ():
            why = peers.disagreement(reference, process.about[where])
            if why:
                found.append(f"{impl}, {phase}, {where}: {why}")
    return found


def measure(model, args, peers):
    with contextlib.ExitStack() as stack:
        processes, failed = {}, {}
        for impl in args.impl:
            for phase in PHASES:
                process = Process(impl, phase, model, args, peers)
                stack.callback(process.end)
                if "failed" in process.about:
                    failed[impl] = process.about["failed"]
                else:
                    processes[impl, phase] = process
        names, rounds = list(processes), []
        for number in range(-1, args.rounds):                    # the first round only warms
            taken = {phase: {} for phase in PHASES}
            for impl, phase in turn_order(names, number):
                time.sleep(PAUSE_S)
                taken[phase][impl] = processes[impl, phase].ask(str(args.turn))
            if number >= 0:
                rounds.append(taken)
        return {"model": model["name"], "failed": failed, "rounds": rounds, "disagree": disagreements(processes, peers),
                "not_settled": [" ".join(key) for key, p in processes.items() if not p.about["settled"]]}


def render_phase(results, impls, phase):
    """Every implementation of the product against the best peer (the one of the best median) of each model."""
    unit = "ms" if phase == "latency" else "FPS"
    better = min if phase == "latency" else max
    products = [impl for impl in impls if impl.startswith(startup_tables.PRODUCT)]
    rows = [["model", *(f"{impl}, {unit}" for impl in impls), "best peer", *(f"{impl} / best" for impl in products)]]
    ratios = {product: [] for product in products}
    for result in results:
        rounds = [taken[phase] for taken in result["rounds"]]
        medians = {impl: statistics.median(taken[impl] for taken in rounds) for impl in rounds[0]}
        best = better((impl for impl in medians if impl not in products), key=medians.get)
        cells = []
        for product in products:
            middle, low, high = ratio(rounds, product, best)
            ratios[product].append(middle)
            cells.append(f"{middle:.2f} ({low:.2f}–{high:.2f})")
        rows.append([result["model"], *(f"{medians[impl]:.4g}" if impl in medians else "fails" for impl in impls), best, *cells])
    rows.append(["geometric mean", *("" for _ in impls), "",
                 *(f"**{startup_tables.geometric_mean(ratios[product]):.2f}**" for product in products)])
    return startup_tables.table(rows)


def render(about, results, impls):
    lines = [f"- {about['when']}, commit {about['commit']}, {about['cpu']}, {about['cores']} cores; `{about['command']}`", ""]
    for phase, figure in PHASES.items():
        lines += [f"{phase}, {figure}:", "", *render_phase(results, impls, phase), ""]
    for result in results:
        lines += [f"- {result['model']}: {impl} fails: {why}" for impl, why in result["failed"].items()]
        lines += [f"- {result['model']}: not settled: {name}" for name in result["not_settled"]]
        lines += [f"- {result['model']}: {why}" for why in result["disagree"]]
    return "\n".join([*lines, ""])


def parse(argv):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--shared", required=True, type=Path, help="the folder of bench/peers.py and models/")
    p.add_argument("--models-dir", type=Path, help="what `peers.py fetch` fetched")
    p.add_argument("--out", type=Path)
    p.add_argument("--models", nargs="+")
    p.add_argument("--impl", nargs="+", default=["openvino:AUTO", "openvino:CPU", "onnxruntime:CPU", "baton:AUTO", "baton:CPU"])
    p.add_argument("--rounds", type=int, default=20)
    p.add_argument("--turn", type=float, default=0.2, metavar="S")
    p.add_argument("--worker", choices=PHASES, help=argparse.SUPPRESS)
    return p.parse_args(argv)


def main():
    args = parse(sys.argv[1:])
    if args.worker:
        return work(args.shared, args.worker)
    peers, about, results = load_peers(args.shared), run_startup.describe_run(), []
    args.out.mkdir(parents=True, exist_ok=True)
    with (args.out / "python_turns.jsonl").open("w", encoding="utf-8") as sink:
        for model in peers.load_models(args.models, None):
            results.append(measure(model, args, peers))
            print(json.dumps({**about, **results[-1]}), file=sink, flush=True)
            print(f"{model['name']}: done", file=sys.stderr, flush=True)
    text = render(about, results, args.impl)
    (args.out / "python_turns.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    sys.exit(main())
