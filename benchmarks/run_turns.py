#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright (C) 2026 The Baton authors
"""Steady speed on a machine whose clock swings: settled processes of every implementation take short turns.

  run_turns.py --models-dir DIR --shared DIR --out DIR [--throughput [--cumulative]] [--processes N] [--rounds N] [--turn S]
               [--models NAME...] [--impl NAME...]

A shared host changes its speed by half from one second to the next, so figures of processes that ran one after another
(run_startup.py) differ although the code is the same. Here all of them are loaded, settled and kept; a round gives each
one turn of --turn seconds, in an order that changes. A ratio is that of two turns of one round: the table holds its
median over the rounds and, in brackets, the quartiles. Some things are decided once in the life of a
process, such as the device that AUTO chooses: with --processes N there are N sets of processes, one after the other,
and the rounds of all count. With --throughput a turn is a flood of as many requests at a time as the
implementation names optimal (ONNX Runtime: a thread for each core), and the figures are answers per second; with
--cumulative too, AUTO serves on all devices at once (CUMULATIVE_THROUGHPUT).
Writes turns.jsonl, with the events of the product, and turns.md into --out.
"""
import argparse
import collections
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import agreement
import run_startup
import startup_tables

PAUSE_S = 0.05     # ONNX Runtime's threads spin for a while after a run: they must not spin in the next one's turn


class Process:
    """A driver that has settled and waits for turns."""

    def __init__(self, model, impl, args, folder, inputs):
        outputs = folder / impl.replace(":", ".").replace("/", ".")
        command = [*run_startup.driver_command(model, impl, args, inputs, outputs), "--turns",
                   *(["--throughput"] if args.throughput else []), *(["--cumulative"] if args.cumulative else [])]
        self.child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                      env=run_startup.environment_for(impl, model, folder, False))
        self.about = self.answer()
        if self.about["status"] != "ok":
            raise SystemExit(f"{impl} on {model['name']}: {self.about['reason']}")

    def answer(self):
        line = self.child.stdout.readline()
        if not line:
            raise SystemExit(f"{self.child.args[0]} ended: exit status {self.child.wait()}")
        return json.loads(line)

    def turn(self, seconds):
        self.child.stdin.write(f"{seconds}\n")
        self.child.stdin.flush()
        answer = self.answer()
        return answer["fps"] if "fps" in answer else answer["p50_ms"]

    def end(self):
        self.child.stdin.close()
        self.child.wait(timeout=run_startup.TIMEOUT_S)


def measure(model, args, folder):
    """{"model", "rounds": [{impl: p50}], "disagree": text or "", "serves": {impl: pair}, "events": {impl: [...]}}"""
    inputs = run_startup.write_inputs(model, args.seed, folder)
    processes = {impl: Process(model, impl, args, folder, inputs) for impl in args.impl}
    first = args.impl[0]
    disagree = "; ".join(filter(None, (differs(processes[first], process, model, impl, args)
                                       for impl, process in processes.items() if impl != first)))
    rounds = []
    for number in range(-1, args.rounds):                        # the first round only warms
        taken = {}
        for impl in turn_order(args.impl, number):
            time.sleep(PAUSE_S)
            taken[impl] = processes[impl].turn(args.turn)
        if number >= 0:
            rounds.append(taken)
    for process in processes.values():
        process.end()
    return {"model": model["name"], "rounds": rounds, "disagree": disagree,
            "settled": all(p.about["settled"] for p in processes.values()),
            "serves": {impl: served_by(p.about) for impl, p in processes.items()},
            "events": {impl: p.about["events"] for impl, p in processes.items() if "events" in p.about}}


def turn_order(names, number):
    """For round `number`. Who is first changes, and so does who comes before whom: a turn leaves the CPU hot and a GPU's clock high or low."""
    first = number // 2 % len(names)
    order = names[first:] + names[:first]
    return order[::-1] if number % 2 else order


def together(sets):
    """The results of several sets of processes as one."""
    return {"model": sets[0]["model"],
            "rounds": [taken for result in sets for taken in result["rounds"]],
            "disagree": "; ".join(filter(None, (result["disagree"] for result in sets))),
            "settled": all(result["settled"] for result in sets),
            "serves": {impl: counted([result["serves"][impl] for result in sets]) for impl in sets[0]["serves"]},
            "sets": [{key: result[key] for key in ("rounds", "serves", "events")} for result in sets]}


def counted(names):
    """"a" where all are, else "a 2, b 1"."""
    counts = collections.Counter(names).most_common()
    return names[0] if len(counts) == 1 else ", ".join(f"{name} {count}" for name, count in counts)


def served_by(about):
    """"GPU/onnxruntime.cuda", or "" where the implementation does not tell."""
    return " ".join(f"{device}/{engine}" for device, engine
                    in zip(about.get("execution_devices", []), about.get("execution_engines", [])))


def differs(reference, process, model, impl, args):
    precision = agreement.lower_precision(*run_startup.labels_of(process.about, run_startup.file_of(model, impl, args)),
                                          reference.about["precision"])
    why = agreement.compare_outputs(reference.about["outputs"]["steady"], process.about["outputs"]["steady"], precision)
    return why and f"{impl}: {why}"


def ratio(rounds, product, peer):
    """(median, lower quartile, upper quartile) of product / peer, round by round"""
    values = [taken[product] / taken[peer] for taken in rounds]
    low, middle, high = statistics.quantiles(values, n=4) if len(values) > 1 else values * 3
    return middle, low, high


def render(about, results, impls, unit):
    product = next(impl for impl in impls if impl.startswith(startup_tables.PRODUCT))
    peers = [impl for impl in impls if impl != product]
    rows = [["model", *(f"{impl}, {unit}" for impl in impls), *(f"{product} / {peer}" for peer in peers), "serves"]]
    medians = {peer: [] for peer in peers}
    for result in results:
        row = [result["model"], *(f"{statistics.median(taken[impl] for taken in result['rounds']):.2f}" for impl in impls)]
        for peer in peers:
            middle, low, high = ratio(result["rounds"], product, peer)
            medians[peer].append(middle)
            row.append(f"{middle:.2f} ({low:.2f}–{high:.2f})")
        rows.append([*row, result["serves"][product]])
    rows.append(["geometric mean", *("" for _ in impls),
                 *(f"**{startup_tables.geometric_mean(medians[peer]):.2f}**" for peer in peers), ""])
    said = [f"{r['model']}: {r['disagree'] or 'not settled'}" for r in results if r["disagree"] or not r["settled"]]
    head = [f"- {about['when']}, commit {about['commit']}, {about['cpu']}, {about['cores']} cores; `{about['command']}`", ""]
    return "\n".join([*head, *startup_tables.table(rows), "", *(said or ["All answers agree (B-532)."]), ""])


def parse(argv):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    run_startup.add_common_arguments(p)
    p.add_argument("--throughput", action="store_true", help="answers per second of floods instead of latencies")
    p.add_argument("--cumulative", action="store_true", help="with --throughput: AUTO on all devices at once")
    p.add_argument("--processes", type=int, default=1, metavar="N", help="sets of processes, one after the other")
    p.add_argument("--rounds", type=int, default=40)
    p.add_argument("--turn", type=float, default=0.2, metavar="S")
    args = p.parse_args(argv)
    if args.cumulative and not args.throughput:
        p.error("--cumulative needs --throughput")
    if not any(impl.startswith(startup_tables.PRODUCT) for impl in args.impl):
        p.error(f"--impl names nothing of {startup_tables.PRODUCT}")
    return args


def main():
    args = parse(sys.argv[1:])
    args.out.mkdir(parents=True, exist_ok=True)
    about = run_startup.describe_run()
    models, results = run_startup.load_models(args.shared, args.models), []
    run_startup.check_files(models, args)
    with tempfile.TemporaryDirectory() as folder, (args.out / "turns.jsonl").open("w", encoding="utf-8") as sink:
        for model in models:
            results.append(together([measure(model, args, Path(folder)) for _ in range(args.processes)]))
            sink.write(json.dumps({**about, **results[-1]}) + "\n")
            sink.flush()
            print(f"{model['name']}: done", file=sys.stderr, flush=True)
    text = render(about, results, args.impl, "answers/s" if args.throughput else "ms")
    (args.out / "turns.md").write_text(text, encoding="utf-8")
    print(text)
    return 1 if any(result["disagree"] for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
