"""The baseline: a dated full statement of restrictions and consents, with which a brand goes live.

    receive   one part of it, checked and kept: in any order, as often as the sender likes
    commit    the sender has sent all of it. Only a complete one is applied, and none that is empty or a
              tenth of the last one: such a file is broken, and would be a lie about who is protected
    apply     part by part in the background, as facts that replay history: nothing is sent because of it

It takes those it names from unknown to known. Who is absent stays as he was; nobody is ever lifted by it: a
restriction we hold and it does not name stays, and is counted. What its events say later wins: per restriction
by the source's sequence, per consent by its time. Whoever had something newer that could not be read stays unknown.
"""

from players.baseline.applying import apply_pending
from players.baseline.reading import Part, read_part
from players.baseline.receiving import Conflict, commit, receive

__all__ = ["Conflict", "Part", "apply_pending", "commit", "read_part", "receive"]
