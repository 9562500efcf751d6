#!/usr/bin/python3
"""The same training here and in PyTorch, alternating, on the same cores: a table of medians.

usage: train_peer.py [--bench PATH] [--repeat N] [--threads N] [--epochs N]

Both train the published ensemble (5 folds, batch 32, Adam 1e-3, float32, dropout 0.5, validation
loss after every epoch, best weights kept) on the same curves with the same augmentation. PyTorch
gets all data as tensors in memory, no data loader, and runs twice: fold after fold with all threads
in one process, and with the folds shared among as many single-threaded processes.
"""
import argparse
import math
import multiprocessing
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

try:
    import numpy
    import torch
except ImportError as error:
    sys.exit(f"train_peer.py: {error}; it needs PyTorch and NumPy (python3-torch, python3-numpy)")

HERE = os.path.dirname(os.path.abspath(__file__))
BENCH = os.path.join(HERE, "..", "..", "build", "release", "core", "bench", "bench_train")
FOLDS, BATCH, RATE = 5, 32, 1e-3


def load(path):
    with open(path, "rb") as file:
        count, positions = numpy.fromfile(file, "<i8", 2)
        curves = numpy.fromfile(file, "<f4", count * positions).reshape(count, positions)
        label = numpy.fromfile(file, "u1", count)
    return torch.from_numpy(curves), torch.from_numpy(label.astype("int64"))


def shifted(curves, generator):
    """Every curve moved by -2 .. 1 bins, zeros behind it."""
    out = torch.zeros_like(curves)
    shift = torch.randint(-2, 2, (len(curves),), generator=generator)
    for s in range(-2, 2):
        rows = shift == s
        moved = torch.roll(curves[rows], s, 1)
        if s > 0:
            moved[:, :s] = 0
        elif s < 0:
            moved[:, s:] = 0
        out[rows] = moved
    return out


def network(positions):
    return torch.nn.Sequential(
        torch.nn.Conv1d(1, 16, 10), torch.nn.ReLU(), torch.nn.Dropout(0.5), torch.nn.MaxPool1d(2),
        torch.nn.Flatten(), torch.nn.Linear((positions - 9) // 2 * 16, 256), torch.nn.ReLU(),
        torch.nn.Linear(256, 2))


def train_fold(curves, label, part, fold, epochs):
    """The network of the lowest validation loss."""
    generator = torch.Generator().manual_seed(fold + 1)
    torch.manual_seed(fold + 1)
    training = curves[(part >= 0) & (part != fold)]
    inputs = torch.cat([training, shifted(training, generator)]).unsqueeze(1)
    labels = label[(part >= 0) & (part != fold)].repeat(2)
    checking, expected = curves[part == fold].unsqueeze(1), label[part == fold]
    model = network(curves.shape[1])
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    loss_of = torch.nn.CrossEntropyLoss()
    best, kept = math.inf, None
    for _ in range(epochs):
        model.train()
        order = torch.randperm(len(inputs), generator=generator)
        inputs, labels = inputs[order], labels[order]
        for x, y in zip(inputs.split(BATCH), labels.split(BATCH)):
            optimizer.zero_grad(set_to_none=True)
            loss_of(model(x), y).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            loss = float(loss_of(model(checking), expected))
        if loss < best:
            best, kept = loss, {k: v.clone() for k, v in model.state_dict().items()}
    model.load_state_dict(kept)
    return model.eval()


def member_probability(task):
    path, fold, epochs, threads = task
    torch.set_num_threads(threads)
    curves, label = load(path)
    part = torch.randperm(len(curves), generator=torch.Generator().manual_seed(0))
    testing = len(curves) // 10
    part = torch.where(part < testing, torch.tensor(-1), part % FOLDS)
    model = train_fold(curves, label, part, fold, epochs)
    with torch.no_grad():
        out = torch.softmax(model(curves[part == -1].unsqueeze(1)), 1)
    return out.numpy(), label[part == -1].numpy()


def accuracy(results):
    mean = sum(out for out, _ in results) / len(results)
    return float((mean.argmax(1) == results[0][1]).mean())


def run_ours(a):
    line = subprocess.run([a.bench, "--threads", str(a.threads), "--epochs", str(a.epochs)], check=True,
                          capture_output=True, text=True).stdout
    value = dict(re.findall(r"(\w+) ([\d.]+)", line))
    return float(value["seconds"]), float(value["accuracy"]), float(value["floor_seconds"])


def run_torch(a, path, processes):
    """Threads are shared among the processes, which start before the clock: only training counts."""
    threads = a.threads // processes
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = str(threads)
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"  # spinning threads lose most where cores are shared
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        pool.map(math.sqrt, range(4 * processes), 1)
        tasks = [(path, fold, a.epochs, threads) for fold in range(FOLDS)]
        begin = time.monotonic()
        results = pool.map(member_probability, tasks, 1)
        return time.monotonic() - begin, accuracy(results)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bench", default=BENCH)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=30)
    a = parser.parse_args()
    runs = {"here": [], "one": [], "many": []}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "examples")
        subprocess.run([a.bench, "--examples", path], check=True)
        runners = {"here": lambda: run_ours(a),
                   "many": lambda: run_torch(a, path, a.threads),
                   "one": lambda: run_torch(a, path, 1)}
        for _ in range(a.repeat):  # alternating, so that a busy machine slows all of them
            for key, runner in runners.items():
                runs[key].append(runner())
                print(f"{key}: {runs[key][-1][0]:.1f} s", file=sys.stderr, flush=True)
    names = {"here": f"here, {a.threads} threads",
             "one": f"PyTorch {torch.__version__}, one process, {a.threads} threads",
             "many": f"PyTorch {torch.__version__}, {a.threads} processes, 1 thread each"}
    seconds = {key: statistics.median(run[0] for run in runs[key]) for key in runs}
    print("| training | seconds | all runs | test accuracy | times slower |\n|---|---|---|---|---|")
    for key, name in names.items():
        every = ", ".join(f"{run[0]:.1f}" for run in runs[key])
        print(f"| {name} | {seconds[key]:.1f} | {every} | {runs[key][0][1]:.4f} |"
              f" {seconds[key] / seconds['here']:.1f} |")
    floor = statistics.median(run[2] for run in runs["here"])
    print(f"\nFloor: the matrix products at the measured rate of sgemm take {floor:.1f} s;"
          f" the training takes {seconds['here'] / floor:.2f} times that.")


if __name__ == "__main__":
    main()
