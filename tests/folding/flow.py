"""The flow table folding is tested with: one stage that can be made to fail, one that sees."""

from players.folding import Batch

IN_TRANSACTION: dict[str, list[str]] = {}
AFTER_COMMIT: dict[str, list[str]] = {"deposit.approved": ["tests.folding.flow.nobody"]}
FOLD_STAGES = ["tests.folding.flow.broken", "tests.folding.flow.see"]


class Seen:
    def clear(self) -> None:
        self.failing = False
        self.seen: list[Batch] = []
        self.mended: list[Batch] = []


stages_seen = Seen()
stages_seen.clear()


def broken(batch: Batch) -> None:
    if stages_seen.failing:
        raise ZeroDivisionError("a bug in wagering")
    stages_seen.mended.append(batch)


def see(batch: Batch) -> None:
    stages_seen.seen.append(batch)


def nobody(facts: list, now: object) -> None:
    pass
