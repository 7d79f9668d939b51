#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright (C) 2026 The Baton authors
"""Start-up and hand-over side by side: every sample is a fresh process, the implementations take turns (A B C A B C).

  run_startup.py --models-dir DIR --shared DIR --out DIR [--reps N] [--models NAME...] [--impl NAME...]

Writes samples.jsonl, tables.md and traces.png into --out. TIME ZERO is the start of the process: the clock is read just
before it is created, so the loading of libraries counts. All drivers share one method (startup/driver.h), read the same
inputs from files and must agree with the first implementation's answers by rule B-532. The drivers must be built
(-DBATON_BUILD_BENCHMARKS=ON, Release).

Implementations: onnxruntime (all optimisations), onnxruntime:fast (none, no weight prepacking), onnxruntime:cuda,
openvino:DEVICE and baton:DEVICE with any device string; append @f32 to ask for that precision, +cache for second starts: one start that does
not count fills a cache folder (CACHE_DIR) of its own. What a Baton process learns is kept in a
store; every sample gets an empty one, so each is a first start on a new machine, unless --warm-store is given.
"""
import argparse
import array
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import agreement
import startup_tables

HERE = Path(__file__).resolve().parent
DEFAULT_IMPLS = ["onnxruntime", "onnxruntime:fast", "openvino:CPU", "openvino:AUTO", "baton:AUTO"]
TYPES = {"float32": ("f32", "f"), "int32": ("i32", "i"), "int64": ("i64", "q")}
CACHED = "+cache"
TIMEOUT_S = 120


def describe_run():
    """What every figure below depends on."""
    commit = subprocess.run(["git", "-C", str(HERE), "describe", "--always", "--dirty"], capture_output=True, text=True)
    names = [line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
             if line.startswith("model name")]
    return {"command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]),
            "when": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()), "commit": commit.stdout.strip() or "unknown",
            "cpu": names[0] if names else "unknown CPU", "cores": len(os.sched_getaffinity(0))}


def driver_of(impl):
    """'engine[:device][@precision][+cache]' -> (program, its arguments)"""
    name, _, precision = impl.removesuffix(CACHED).partition("@")
    engine, _, device = name.partition(":")
    if engine not in ("onnxruntime", "openvino", "baton"):
        raise argparse.ArgumentTypeError(f"{impl}: expected onnxruntime, openvino or baton, then :device, @precision")
    options = (["--device", device] if device else []) + (["--precision", precision] if precision else [])
    return f"startup_{engine}", options


def load_models(shared, names):
    models = json.loads((shared / "bench/models.json").read_text(encoding="utf-8"))["models"]
    unknown = set(names or ()) - {m["name"] for m in models}
    if unknown:
        raise SystemExit(f"unknown model: {', '.join(sorted(unknown))}; known: {', '.join(m['name'] for m in models)}")
    return [m for m in models if not names or m["name"] in names]


def file_of(model, impl, args):
    """Where the model lies; "per_engine" names another format of it for an engine that cannot read the first."""
    if "local" not in model:
        return args.models_dir / Path(model["file"]).name
    engine = impl.split(":")[0].split("@")[0]
    return (args.shared / "bench" / model.get("per_engine", {}).get(engine, model["local"])).resolve()


def write_inputs(model, seed, folder):
    """Writes each input to a file; returns the drivers' arguments. The same seed gives the same numbers everywhere."""
    arguments = []
    for spec in model["inputs"]:
        name, code = TYPES[spec["dtype"]]
        count, draw = math.prod(spec["shape"]), random.Random(f"{seed}/{model['name']}/{spec['name']}")
        low, high = spec.get("range", (0, 1) if code == "f" else (0, 2))
        if "value" in spec:
            values = [spec["value"]] * count
        elif code == "f":
            values = [draw.uniform(low, high) for _ in range(count)]
        else:
            values = [draw.randrange(low, high) for _ in range(count)]
        path = folder / f"{model['name']}.{spec['name']}.bin"
        path.write_bytes(array.array(code, values).tobytes())
        arguments += ["--input", f"{spec['name']}:{name}:{'x'.join(map(str, spec['shape']))}:{path}"]
    return arguments + (["--reshape"] if model["dynamic"] else [])


def busy_cpu_s():
    """CPU seconds that the whole machine has used."""
    f = [int(x) for x in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(f) - f[3] - f[4]) / os.sysconf("SC_CLK_TCK")


def child_cpu_s():
    t = os.times()
    return t.children_user + t.children_system


def run_driver(command, environment):
    """One fresh process; returns its record, or what went wrong."""
    busy, mine, began = busy_cpu_s(), child_cpu_s(), time.monotonic()
    with tempfile.TemporaryFile() as errors:
        started = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        process = subprocess.Popen([*command, "--started", str(started)], stdout=subprocess.PIPE, stderr=errors,
                                   env=environment)
        try:
            output, _ = process.communicate(timeout=TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return {"status": "failed", "reason": f"no end after {TIMEOUT_S} s"}
        errors.seek(0)
        last_words = errors.read().decode(errors="replace").strip().splitlines()[-1:]
    try:
        record = json.loads(output)
    except ValueError:
        return {"status": "failed", "reason": f"exit status {process.returncode}: {' '.join(last_words)}"}
    if record["status"] == "ok" and process.returncode:
        record["exit_status"] = process.returncode               # it measured, then crashed on the way out
    others = busy_cpu_s() - busy - (child_cpu_s() - mine)
    record["others_cpu_pct"] = max(0.0, 100 * others / (time.monotonic() - began) / os.cpu_count())
    return record


def environment_for(impl, model, folder, warm):
    """An empty store of measured records for each sample; one per model that stays when warm."""
    if not impl.startswith("baton"):
        return dict(os.environ)
    store = folder / f"{model['name']}.store"
    if not warm:
        for part in folder.glob(store.name + "*"):
            part.unlink()
    return {**os.environ, "BATON_STORE": str(store)}


def driver_command(model, impl, args, inputs, outputs):
    """The driver with what every way of measuring tells it; `outputs`: prefix of the files for its answers."""
    program, options = driver_of(impl)
    return [str(args.bin_dir / program), "--model", str(file_of(model, impl, args)), *inputs, *options,
            "--outputs", str(outputs)]


def labels_of(record, path):
    """What the tolerance for its answers depends on (B-532)."""
    return [record["precision"], agreement.precision_of_file(path)]


def check_outputs(record, reference, model, path):
    """Compares both answers of a sample with the reference's first one; says so in the record."""
    precision = agreement.lower_precision(*labels_of(record, path), *reference["labels"])
    why = {when: agreement.compare_outputs(reference["outputs"], outputs, precision)
           for when, outputs in record["outputs"].items()}
    record["agreement"] = {"with": reference["impl"], "precision": precision, **why}
    for when, text in why.items():
        if text:
            print(f"MISMATCH {record['impl']} on {model['name']}, {when} answer: {text}", file=sys.stderr)


def measure_model(model, args, folder, emit):
    inputs = write_inputs(model, args.seed, folder)
    for path in {file_of(model, impl, args) for impl in args.impl}:
        path.read_bytes()                                        # the page cache is warm for everybody
    reference = None
    to_fill = [i for i in args.impl if i.endswith(CACHED) or (args.warm_store and i.startswith("baton"))]
    for rep in range(-1 if to_fill else 0, args.reps):           # -1 only fills stores and caches
        for impl in args.impl if rep >= 0 else to_fill:
            path = file_of(model, impl, args)
            command = [*driver_command(model, impl, args, inputs, folder / "outputs"), "--trace", str(args.trace),
                       "--settle", str(args.settle), "--steady", str(args.seconds), "--idle", str(args.idle)]
            if impl.endswith(CACHED):
                command += ["--cache", str(folder / f"{model['name']}.{impl}".replace(":", "."))]
            record = {"model": model["name"], "impl": impl, "rep": rep,
                      **run_driver(command, environment_for(impl, model, folder, args.warm_store))}
            if rep < 0:
                continue
            if record["status"] == "ok":
                if reference is None:                            # the first implementation that can; its files are kept
                    reference = {"impl": impl, "labels": labels_of(record, path),
                                 "outputs": keep_files(record["outputs"]["first"])}
                check_outputs(record, reference, model, path)
            emit(record)


def keep_files(outputs):
    kept = []
    for output in outputs:
        file = Path(output["file"]).with_suffix(".reference" + Path(output["file"]).suffix)
        file.write_bytes(Path(output["file"]).read_bytes())
        kept.append({**output, "file": str(file)})
    return kept


def add_common_arguments(p):
    def impl(text):
        driver_of(text)
        return text

    root = HERE.parent
    p.add_argument("--models-dir", type=Path, required=True, help="the models that models.json takes from packages")
    p.add_argument("--shared", type=Path, default=root.parent / "shared", help="holds bench/models.json and models/")
    p.add_argument("--out", type=Path, required=True, help="folder for the results")
    p.add_argument("--bin-dir", type=Path, default=root / "build/release/bin", help="where the drivers are")
    p.add_argument("--models", nargs="+", metavar="NAME", help="only these")
    p.add_argument("--impl", nargs="+", type=impl, default=DEFAULT_IMPLS, metavar="NAME",
                   help="the first one is the reference for outputs")
    p.add_argument("--seed", type=int, default=0)


def check_files(models, args):
    missing = {str(f) for m in models for f in (file_of(m, i, args) for i in args.impl) if not f.exists()}
    missing |= {str(f) for f in (args.bin_dir / driver_of(i)[0] for i in args.impl) if not f.exists()}
    if missing:
        raise SystemExit("not found: " + ", ".join(sorted(missing)))


def parse(argv):
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_common_arguments(p)
    p.add_argument("--reps", type=int, default=5)
    p.add_argument("--warm-store", action="store_true", help="Baton keeps its measured records from sample to sample")
    p.add_argument("--trace", type=float, default=2, metavar="S", help="length of the start-up trace")
    p.add_argument("--settle", type=float, default=15, metavar="S", help="longest wait for the end of a hand-over")
    p.add_argument("--seconds", type=float, default=3, metavar="S", help="length of the steady measurement")
    p.add_argument("--idle", type=float, default=2, metavar="S")
    p.add_argument("--limits", type=Path, default=HERE / "limits.json", help="what Baton's figures are held against")
    p.add_argument("--tables-only", action="store_true", help="no measuring: tables and plot of the samples in --out")
    return p.parse_args(argv)


def main():
    args = parse(sys.argv[1:])
    args.out.mkdir(parents=True, exist_ok=True)
    samples_file = args.out / "samples.jsonl"
    if args.tables_only:
        about, *samples = [json.loads(line) for line in samples_file.read_text(encoding="utf-8").splitlines()]
    else:
        about, samples = describe_run(), []
        models = load_models(args.shared, args.models)
        check_files(models, args)
        with tempfile.TemporaryDirectory() as folder, samples_file.open("w", encoding="utf-8") as sink:
            sink.write(json.dumps(about) + "\n")

            def emit(record):
                samples.append(record)
                sink.write(json.dumps(record) + "\n")
                sink.flush()
                said = (f"first {record['first_ms']:.0f} ms, p50 {record['steady']['p50_ms']:.2f} ms"
                        if record["status"] == "ok" else record["reason"])
                print(f"{record['model']} rep {record['rep']} {record['impl']}: {said}", file=sys.stderr, flush=True)
            for model in models:
                measure_model(model, args, Path(folder), emit)
    limits = json.loads(args.limits.read_text(encoding="utf-8"))["limits"]
    text = startup_tables.render(about, samples, limits)
    (args.out / "tables.md").write_text(text, encoding="utf-8")
    print(text)
    startup_tables.plot(samples, args.out / "traces.png")
    good = [s for s in samples if s["status"] == "ok"]
    return 1 if any(s.get("exit_status") or s["agreement"]["first"] or s["agreement"]["steady"] for s in good) else 0


if __name__ == "__main__":
    sys.exit(main())
