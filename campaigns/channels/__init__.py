"""How a message leaves the house: one folder per channel, each an adapter.

To add a channel: a folder with an `adapter.py` that offers `ADAPTER` (see `contract.Adapter`), its name
here and in `Step.Channel`, and a test folder under tests/channels. Only `campaigns.dispatch` imports this
package.
"""

from functools import cache
from importlib import import_module

from campaigns.channels.contract import Adapter

CHANNELS = ("email", "onsite")


@cache
def adapter(channel: str) -> Adapter:
    if channel not in CHANNELS:
        raise KeyError(channel)
    found: Adapter = import_module(f"campaigns.channels.{channel}.adapter").ADAPTER
    return found
