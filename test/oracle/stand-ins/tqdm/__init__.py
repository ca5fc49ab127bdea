"""Just enough of tqdm: a progress bar that shows nothing and yields what it is given."""


class tqdm:
    def __init__(self, iterable=None, *args, **options):
        self.iterable = iterable

    def __iter__(self):
        return iter(self.iterable)

    def __len__(self):
        return len(self.iterable)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def __getattr__(self, name):
        """update, set_description, set_postfix, close, write and the like show nothing."""
        return lambda *args, **options: None


def trange(*args, **options):
    return tqdm(range(*args))
