"""What both functions share on the way from API Gateway to OpenAI's Realtime API."""

import os

# There are none; to look for them pydantic would read what every package says of itself.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
