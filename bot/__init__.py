"""The clipdesk bot: Discord, terminal chat and command line over one index."""

import os

# clipdesk does no linear algebra, so the threads that NumPy would start for it are wasted.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
