"""PyTorch on the shapes that bench/device/main.ts measures, float32 with and without TF32: seconds as JSON.

The training step is that of the paper's decoders (two branches of nine basic blocks) on made-up features, with AdamW and a clipped
norm, which is nearly all of stage 2. TF32 off means off for products and convolutions alike.
"""

import argparse
import json
import time

import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
        )

    def forward(self, x):
        return torch.relu(x + self.layers(x))


def seconds(work, device, patience):
    """Of one call, from as many as fit into `patience` seconds, after one that compiles."""

    def wait():
        if device == "cuda":
            torch.cuda.synchronize()

    work()
    wait()
    start = time.perf_counter()
    calls = 0
    while calls == 0 or time.perf_counter() - start < patience:
        # Not after every call, and not never: the queue would run ahead of the clock.
        for _ in range(4):
            work()
        wait()
        calls += 4
    return (time.perf_counter() - start) / calls


def measure(device, tiny, patience):
    channels, side, blocks = (16, 8, 1) if tiny else (544, 32, 9)
    square = 128 if tiny else 4096
    results = {}
    a, b = (torch.randn(square, square, device=device) for _ in range(2))
    results["square product"] = seconds(lambda: a @ b, device, patience)
    for batch in (1, 2 if tiny else 16):
        x = torch.randn(batch, channels, side, side, device=device, requires_grad=True)
        convolution = nn.Conv2d(channels, channels, 3, padding=1, bias=False).to(device)
        weight = torch.randn(channels, channels, device=device)
        rows = x.detach().permute(0, 2, 3, 1).reshape(-1, channels)

        def forward():
            with torch.no_grad():
                convolution(x)

        y = convolution(x)
        dy = torch.randn_like(y)
        results[f"3x3 forward, batch {batch}"] = seconds(forward, device, patience)
        for name, of in (("dX", x), ("dW", convolution.weight)):
            gradient = lambda of=of: torch.autograd.grad(y, of, dy, retain_graph=True)
            results[f"3x3 {name}, batch {batch}"] = seconds(gradient, device, patience)
        results[f"1x1, batch {batch}"] = seconds(lambda: rows @ weight, device, patience)
    branches = nn.ModuleList(nn.Sequential(*(Block(channels) for _ in range(blocks))) for _ in range(2)).to(device)
    optimiser = torch.optim.AdamW(branches.parameters(), weight_decay=0.01)
    phi = torch.randn(2 if tiny else 16, channels, side, side, device=device)

    def step():
        optimiser.zero_grad(set_to_none=True)
        loss = sum(((branch(phi) - phi) ** 2).mean() for branch in branches)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(branches.parameters(), 0.1)
        optimiser.step()

    results["stage 2 step"] = seconds(step, device, 4 * patience)
    branches.eval()

    def live():
        with torch.no_grad():
            for branch in branches:
                branch(phi[:1])

    results["decoders of a live update"] = seconds(live, device, patience)
    return results


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cpu" and not options.tiny:
        raise SystemExit("PyTorch finds no GPU.")
    report = {"torch": torch.__version__, "device": torch.cuda.get_device_name() if device == "cuda" else "CPU"}
    for name, allowed in (("strict float32", False), ("TF32", True)):
        torch.backends.cuda.matmul.allow_tf32 = allowed
        torch.backends.cudnn.allow_tf32 = allowed
        report[name] = measure(device, options.tiny, 0.05 if options.tiny else 0.5)
    with open(options.out, "w") as file:
        json.dump(report, file, indent=2)


if __name__ == "__main__":
    main()
