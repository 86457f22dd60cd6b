"""The clipdesk bot: Discord, terminal chat and command line over one index."""

import os

# Nothing here is worth the threads that NumPy's linear algebra would begin in each process.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
