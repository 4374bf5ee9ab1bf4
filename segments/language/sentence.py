"""Tree -> plain English, shown wherever the rule is: nobody should have to read JSON."""

from segments.language.comparing import asked
from segments.language.tree import Group, Leaf, Node


def sentence(rule: Group) -> str:
    if rule.kind == "all":
        return f"Players {_listed([_clause(child) for child in rule.of], 'and')}."
    if rule.kind == "any":
        return f"Players {_listed([_clause(child) for child in rule.of], 'or')}."
    return f"Players {_group(rule)}."


def _clause(node: Node) -> str:
    return asked(node).says(node) if isinstance(node, Leaf) else _group(node)


def _group(group: Group) -> str:
    clauses = [_clause(child) for child in group.of]
    if len(clauses) == 1 and group.kind in ("all", "any"):
        return clauses[0]
    if group.kind == "all":
        return f"for whom all of this holds ({'; '.join(clauses)})"
    if group.kind == "any":
        return f"({_listed(clauses, 'or')})"
    if group.kind == "none":
        return f"but not those {_listed(clauses, 'or')}"
    return f"for whom at least {group.least} of these {len(clauses)} hold ({'; '.join(clauses)})"


def _listed(clauses: list[str], joint: str) -> str:
    if len(clauses) == 1:
        return clauses[0]
    comma = "," if len(clauses) > 2 or any("," in clause for clause in clauses) else ""
    return f"{', '.join(clauses[:-1])}{comma} {joint} {clauses[-1]}"
