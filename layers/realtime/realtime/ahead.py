"""Begins to read the API key, as soon as it is imported: the rest of a function takes longer to import.

Only where Lambda starts a function to be used at once: a snapshot must not have the key in it.
"""

import os
import threading

from realtime.api_key import read_the_key

if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") in ("on-demand", "provisioned-concurrency"):
    threading.Thread(target=read_the_key, daemon=True).start()
