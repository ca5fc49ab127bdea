"""Makes the truth for score.mjs: runs every Python file of a folder under trace_file.py, each in a process of its own.

    python3 trace.py FOLDER OUT.json [--drive] [--list FILES.txt] [--seconds 15] [--megabytes 3000]

FOLDER holds one folder a project (imports are looked for there), or loose files. Nothing is written beside the files.
Run this only on files that you are willing to run: that is what it does.
"""
import argparse
import json
import os
import resource
import signal
import sys
import tempfile

os.environ.update({"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "", "MPLBACKEND": "agg"})
sys.dont_write_bytecode = True
from trace_file import trace

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("out")
parser.add_argument("--drive", action="store_true")
parser.add_argument("--list")
parser.add_argument("--seconds", type=int, default=15)
parser.add_argument("--megabytes", type=int, default=3000)
args = parser.parse_args()


def limit():
    """Holds this process to the limits, and gives way to others."""
    resource.setrlimit(resource.RLIMIT_AS, (args.megabytes << 20, args.megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (args.seconds, args.seconds + 10))
    signal.signal(signal.SIGXCPU, stop)
    signal.signal(signal.SIGALRM, stop)
    signal.alarm(4 * args.seconds)


def stop(number, frame):
    """Ends what runs; what was seen until then is kept."""
    raise TimeoutError("stopped")


def files():
    if args.list:
        return [line.strip() for line in open(args.list) if line.strip()]
    return sorted(os.path.relpath(os.path.join(d, f), args.folder) for d, _, names in os.walk(args.folder) for f in names if f.endswith(".py"))


def traced(file):
    """In a child, which starts with the libraries loaded; None if it was stopped."""
    root = os.path.abspath(os.path.join(args.folder, file.split(os.sep)[0]) if os.sep in file else args.folder)
    with tempfile.TemporaryDirectory() as scratch:
        answer = os.path.join(scratch, ".answer.json")
        child = os.fork()
        if child == 0:
            try:
                limit()
                path = os.path.abspath(os.path.join(args.folder, file))
                os.chdir(scratch)
                os.environ["HOME"] = scratch
                result = trace(path, root, args.drive)
                with open(answer + ".part", "w") as out:
                    json.dump(result, out)
                os.rename(answer + ".part", answer)
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        return json.load(open(answer)) if os.path.exists(answer) else None


truth = {}
for number, file in enumerate(files()):
    truth[file] = traced(file)
    seen = sum(bool(e["arrays"]) for e in truth[file]["expressions"]) if truth[file] else -1
    print(number, file, seen, truth[file] and truth[file]["error"], flush=True)
    if number % 20 == 0:
        json.dump(truth, open(args.out, "w"))
json.dump(truth, open(args.out, "w"))
