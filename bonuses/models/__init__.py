from bonuses.models.gift import Gift
from bonuses.models.grant import Grant, GrantChange
from bonuses.models.ledger import Account, Transfer
from bonuses.models.template import Template, Terms
from bonuses.models.wager import WagerCount

__all__ = ["Account", "Gift", "Grant", "GrantChange", "Template", "Terms", "Transfer", "WagerCount"]
