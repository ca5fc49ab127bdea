"""The same bar, by another name."""
from . import tqdm, trange  # noqa: F401
