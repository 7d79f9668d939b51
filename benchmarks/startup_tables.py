# SPDX-License-Identifier: Apache-2.0
# Copyright (C) 2026 The Baton authors
"""Tables (Markdown) and plot of the samples that run_startup.py took."""
import itertools
import math
import statistics
from collections.abc import Callable
from typing import NamedTuple

PRODUCT = "baton"


class Figure(NamedTuple):
    key: str
    title: str
    of: Callable          # sample -> number
    digits: int
    better: str           # "lower" or "higher"


def longest_gap(sample):
    ends = sample["trace"]["end_ms"]
    return max((b - a for a, b in itertools.pairwise(ends)), default=0.0)


def answers_2s(sample):
    return sum(t <= 2000 for t in sample["trace"]["end_ms"])


FIGURES = [
    Figure("first_ms", "First answer, ms from the start of the process", lambda s: s["first_ms"], 0, "lower"),
    Figure("answers_2s", "Answers in the first 2 s", answers_2s, 0, "higher"),
    Figure("gap_ms", "Longest time without an answer after the first one, ms", longest_gap, 1, "lower"),
    Figure("p50_ms", "Steady latency, p50 ms", lambda s: s["steady"]["p50_ms"], 2, "lower"),
    Figure("p99_ms", "Steady latency, p99 ms", lambda s: s["steady"]["p99_ms"], 2, "lower"),
    Figure("rss_settled_mb", "Memory when settled, MB", lambda s: s["rss_settled_mb"], 0, "lower"),
    Figure("rss_peak_mb", "Memory at its highest, MB", lambda s: s["rss_peak_mb"], 0, "lower"),
    Figure("idle_cpu_ms", "CPU time while idle after the burst, ms", lambda s: s["idle_cpu_s"] * 1e3, 1, "lower"),
]


def in_order(values):
    return list(dict.fromkeys(values))


def medians(samples, figure):
    """{(model, impl): (median, lowest, highest)}"""
    cells = {}
    for s in samples:
        cells.setdefault((s["model"], s["impl"]), []).append(figure.of(s))
    return {k: (statistics.median(v), min(v), max(v)) for k, v in cells.items()}


def geometric_mean(ratios):
    return math.exp(statistics.fmean(math.log(r) for r in ratios)) if ratios else None


def limit_text(limits, figure, impl, peer):
    """(text for the row of limits, the limits themselves); a peer of '' asks for limits of the value itself."""
    found = [l for l in limits if l["figure"] == figure.key and l.get("to", "") == peer and impl.startswith(PRODUCT)]
    sign = "≤" if figure.better == "lower" else "≥"
    texts = [f"{where} {sign} {l[where]:g}" for l in found for where in ("each", "geomean") if where in l]
    return ", ".join(texts), found


def breaches(found, figure, values, mean):
    """The models (or the mean) that miss a limit."""
    worse = (lambda value, limit: value > limit) if figure.better == "lower" else (lambda value, limit: value < limit)
    missed = [model for l in found if "each" in l for model, value in values.items() if worse(value, l["each"])]
    return missed + ["the mean" for l in found if "geomean" in l and mean is not None and worse(mean, l["geomean"])]


def table(rows):
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + "---|" * len(rows[0]))
    return lines


def figure_table(samples, figure, limits):
    cells, models = medians(samples, figure), in_order(s["model"] for s in samples)
    impls = in_order(s["impl"] for s in samples)
    pairs = [(p, q) for p in impls if p.startswith(PRODUCT) for q in impls if not q.startswith(PRODUCT)]
    number = lambda x: f"{x:.{figure.digits}f}"
    rows = [["model", *impls, *(f"{p} / {q}" for p, q in pairs)]]
    ratios = {pair: {} for pair in pairs}
    for model in models:
        row = [model]
        for impl in impls:
            cell = cells.get((model, impl))
            spread = f" ({number(cell[1])}–{number(cell[2])})" if cell and cell[1] < cell[2] else ""
            row.append(number(cell[0]) + spread if cell else "–")
        for p, q in pairs:
            a, b = cells.get((model, p)), cells.get((model, q))
            if a and b and a[0] > 0 and b[0] > 0:
                ratios[p, q][model] = a[0] / b[0]
            row.append(f"{ratios[p, q][model]:.2f}" if model in ratios[p, q] else "–")
        rows.append(row)
    means = {pair: geometric_mean(list(r.values())) for pair, r in ratios.items()}
    rows.append(["geometric mean", *("" for _ in impls), *(f"**{m:.2f}**" if m else "–" for m in means.values())])
    absolute = [limit_text(limits, figure, i, "") for i in impls]
    relative = [limit_text(limits, figure, p, q) for p, q in pairs]
    missed = []
    if any(found for _, found in absolute + relative):
        rows.append(["limit", *(text for text, _ in absolute), *(text for text, _ in relative)])
        for impl, (_, found) in zip(impls, absolute):
            values = {m: cells[m, impl][0] for m in models if (m, impl) in cells}
            missed += [f"{impl}: {m}" for m in breaches(found, figure, values, None)]
        for pair, (_, found) in zip(pairs, relative):
            missed += [f"{pair[0]} / {pair[1]}: {m}" for m in breaches(found, figure, ratios[pair], means[pair])]
        missed = ["", "Limits missed: " + ("; ".join(missed) or "none") + "."]
    return [f"### {figure.title}", "", *table(rows), *missed, ""]


def handover_table(samples):
    rows = [["model", "implementation", "switched after ms", "settled after ms", "generation", "serves", "precision",
             "checks"]]
    for model, impl in in_order((s["model"], s["impl"]) for s in samples if s["impl"].startswith(PRODUCT)):
        mine = [s for s in samples if (s["model"], s["impl"]) == (model, impl)]
        last = mine[-1]
        switches = [e for e in last["events"] if e["type"] == "SWITCHED"]
        checks = [e["text"] for e in last["events"] if e["type"] == "CHECK_DONE"]
        settled = f"{statistics.median(s['settle_ms'] for s in mine):.0f}"
        if not all(s["settled"] for s in mine):
            settled += " (not settled)"
        rows.append([model, impl, f"{switches[-1]['ms_after_start']:.0f}" if switches else "–", settled,
                     str(last["generation"]), " ".join(last["execution_engines"]), last["precision"],
                     "; ".join(checks) or "–"])
    return ["### Hand-overs (last repetition)", "", *table(rows), ""] if len(rows) > 1 else []


def render(about, samples, limits):
    good = [s for s in samples if s["status"] == "ok"]
    lines = ["Cells: median (lowest–highest) of the repetitions. Ratios are of medians.", "",
             f"Command: `{about['command']}`", "",
             f"- {about['when']}, commit {about['commit']}, {about['cpu']}, {about['cores']} cores"]
    for version in in_order(f"{s['impl'].split(':')[0]} {s['version']}" for s in good):
        lines.append(f"- {version}")
    noise = [s["others_cpu_pct"] for s in good]
    if noise:
        figures = f"median {statistics.median(noise):.1f} %, highest {max(noise):.1f} %"
        lines += [f"- CPU used by other processes during a sample: {figures}", ""]
    for figure in FIGURES if good else []:
        lines += figure_table(good, figure, limits)
    lines += handover_table(good)
    notes = in_order(f"- {s['impl']} failed on {s['model']}: {s['reason']}" for s in samples if s["status"] != "ok")
    notes += in_order(f"- {s['impl']} crashed after measuring {s['model']}: exit status {s['exit_status']}"
                      for s in good if s.get("exit_status"))
    notes += in_order(f"- {s['impl']} on {s['model']}, {when} answer differs from {s['agreement']['with']}: "
                      f"{s['agreement'][when]}"
                      for s in good for when in ("first", "steady") if s["agreement"][when])
    return "\n".join(lines + (["### Notes", "", *notes] if notes else ["All answers agree (B-532)."])) + "\n"


def plot(samples, path):
    """Answers over time, a panel per model; the repetition of median first answer stands for its implementation."""
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot

    good = [s for s in samples if s["status"] == "ok"]
    models, impls = in_order(s["model"] for s in good), in_order(s["impl"] for s in good)
    if not models:
        return
    columns = min(3, len(models))
    figure, axes = pyplot.subplots(math.ceil(len(models) / columns), columns, squeeze=False,
                                   figsize=(5 * columns, 3.4 * math.ceil(len(models) / columns)))
    for panel in axes.flat[len(models):]:
        panel.set_axis_off()
    for model, panel in zip(models, axes.flat):
        for number, impl in enumerate(impls):
            mine = sorted((s for s in good if (s["model"], s["impl"]) == (model, impl)), key=lambda s: s["first_ms"])
            if not mine:
                continue
            ends = [t for t in mine[len(mine) // 2]["trace"]["end_ms"] if t <= 2000]
            panel.step([0, *ends], [0, *range(1, len(ends) + 1)], where="post", label=impl, color=f"C{number}",
                       linewidth=2.2 if impl.startswith(PRODUCT) else 1.2)
        panel.set(title=model, xlabel="ms from the start of the process", ylabel="answers", xlim=(0, 2000),
                  ylim=(0, None))
        panel.grid(alpha=0.3)
    axes.flat[0].legend(fontsize="small")
    figure.tight_layout()
    figure.savefig(path, dpi=110)
