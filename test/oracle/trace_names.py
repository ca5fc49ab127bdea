"""What whole numbers names stood for in real runs: the truth for names.mjs.

    python3 trace_names.py FOLDER OUT.json --list FILES.txt [--seconds 15]

For every line of every function of a file that ran: the numbers of its local variables before the line, and of the
attributes of `self`. Run this only on files that you are willing to run.
"""
import argparse
import json
import os
import resource
import runpy
import sys
import tempfile

os.environ.update({"OMP_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "", "MPLBACKEND": "agg"})
sys.dont_write_bytecode = True
import torch  # noqa: F401  (loaded once, before the children start)

MOST = 64


def traced(path, root):
    seen = {}

    def note(line, name, value):
        if type(value) is int:
            numbers = seen.setdefault(line, {}).setdefault(name, [])
            if value not in numbers and len(numbers) < MOST:
                numbers.append(value)

    def step(frame, event, arg):
        if event == "line":
            for name, value in frame.f_locals.items():
                note(frame.f_lineno, name, value)
                if name == "self":
                    for attribute, inner in list(getattr(value, "__dict__", {}).items()):
                        note(frame.f_lineno, "self." + attribute, inner)
        return step

    sys.settrace(lambda frame, event, arg: step if frame.f_code.co_filename == path else None)
    sys.path.insert(0, root)
    sys.argv = [path]
    try:
        runpy.run_path(path, run_name="__main__")
    except BaseException:
        pass
    sys.settrace(None)
    return seen


parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("out")
parser.add_argument("--list", required=True)
parser.add_argument("--seconds", type=int, default=15)
args = parser.parse_args()

truth = {}
for file in [line.strip() for line in open(args.list) if line.strip()]:
    root = os.path.abspath(os.path.join(args.folder, file.split(os.sep)[0]) if os.sep in file else args.folder)
    with tempfile.TemporaryDirectory() as scratch:
        answer = os.path.join(scratch, ".answer.json")
        path = os.path.abspath(os.path.join(args.folder, file))
        child = os.fork()
        if child == 0:
            resource.setrlimit(resource.RLIMIT_AS, (3000 << 20, 3000 << 20))
            resource.setrlimit(resource.RLIMIT_CPU, (args.seconds, args.seconds))
            os.chdir(scratch)
            sys.stdout = sys.stderr = open(os.devnull, "w")
            seen = traced(path, root)
            with open(answer, "w") as out:
                json.dump(seen, out)
            os._exit(0)
        os.waitpid(child, 0)
        if os.path.exists(answer):
            truth[file] = json.load(open(answer))
json.dump(truth, open(args.out, "w"))
