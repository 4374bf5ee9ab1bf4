"""Built-in attributes of stakes and results: what is staked, what the house keeps, how play ends."""

from segments.language.attributes import Criterion, Family, register
from segments.language.catalogue import PLAY_AND_PAY, WINDOW_NOTE
from segments.language.numbers import Money, Number
from segments.language.quantities import Column, Fixed, Product, Total, habit
from segments.language.windows import READING, WINDOW, InWindow

STAKE = Total(("stake_real", "stake_bonus"))
GGR = Total(("stake_real", "stake_bonus"), ("win_real", "win_bonus"))
_STAKED = ("stake_real", "stake_bonus")
_WON = ("win_real", "win_bonus")
_MINE = "Only accounts held in this currency match."
_LOW = -(10**12)

register(
    Money(
        key="stake", label="Stakes, all time", family=Family.RESULTS, help="Real and bonus money staked.",
        example="900 in real money and 100 of a bonus: 1 000.", words="turnover wagered bets handle volume",
        of=STAKE, phrase="who have staked {cmp} {value}", note=_MINE,
    ),
    Money(
        key="stake_30d", label="Stakes, last 30 days", family=Family.RESULTS, common=True,
        help="Real and bonus money staked.", of=Column("stake_30d"), words="turnover wagered bets handle volume",
        example="1 000 staked since the first of the window: 1 000.", note=f"{WINDOW_NOTE} {_MINE}",
        phrase="who staked {cmp} {value} in the last 30 days",
    ),
    Money(
        key="stake_window", label="Stakes in a window", family=Family.RESULTS, params=(WINDOW,),
        help="Real and bonus money staked in the window you choose.", of=InWindow(_STAKED),
        example="300 staked in the last 7 days: 300.", words="turnover wagered bets handle volume",
        phrase="who staked {cmp} {value} in the {window}", note=f"{READING} {_MINE}",
    ),
    Money(
        key="stake_average", label="Average stake per round", family=Family.RESULTS, of=STAKE, per=Column("rounds"),
        help="Stakes divided by rounds, all time.", phrase="whose average stake is {cmp} {value}",
        example="400 spins for 200 together: 0.50.", words="bet size mean high roller",
        note=f"{_MINE} Players without a round do not.",
    ),
    Money(
        key="stake_average_window", label="Average stake per round in a window", family=Family.RESULTS,
        help="Stakes of the window you choose divided by the rounds of it.", params=(WINDOW,),
        of=InWindow(_STAKED), per=InWindow(("rounds",)), phrase="whose average stake of the {window} is {cmp} {value}",
        example="100 hands for 2 500 together in the last 7 days: 25.", words="bet size mean high roller",
        note=f"{READING} {_MINE} Players without a round in the window do not.",
    ),
    Number(
        key="stake_trend", label="Average stake against own history", family=Family.RESULTS, unit="%", most=1_000_000,
        help="Average stake per round in the window you choose, divided by the average stake per round of all time.",
        of=Product(InWindow(_STAKED), Column("rounds")), per=Product(InWindow(("rounds",)), STAKE), down=100, wide=True,
        params=(WINDOW,), example="1.00 a spin in the last 7 days, 0.50 a spin of all time: 200 %.",
        words="escalation bet size trend growth change ratio",
        phrase="whose average stake of the {window} is {cmp} {value} of their average of all time",
        note=f"{READING} Players without a round in the window do not match.",
    ),
    Number(
        key="stake_change", label="Stakes against the month before", family=Family.RESULTS, unit="%", most=1_000_000,
        help="Stakes of the last 30 days divided by a third of the stakes of the last 90 days.", down=100,
        of=Product(InWindow(_STAKED, days=30), Fixed(3)), per=InWindow(_STAKED, days=90),
        example="300 in the last 30 days, 1 800 in the last 90: 300 ÷ 600 = 50 %.",
        words="trend decline growth slipping falling rising", note=f"{READING} Players without stakes in 90 days do not.",
        phrase="whose stakes of the last 30 days are {cmp} {value} of their usual month", wide=True,
    ),
    Number(
        key="rounds", label="Rounds, all time", family=Family.RESULTS, unit="rounds", most=10**9,
        help="Closed rounds and settled bets.", of=Column("rounds"), phrase="who have played {cmp} {value}",
        example="4 000 spins and 12 settled bets: 4 012 rounds.", words="spins bets hands games count",
    ),
    Number(
        key="rounds_window", label="Rounds in a window", family=Family.RESULTS, unit="rounds", most=10**9,
        help="Closed rounds and settled bets in the window you choose.", of=InWindow(("rounds",)), params=(WINDOW,),
        example="600 spins in the last 7 days: 600 rounds.", words="spins bets hands games count", note=READING,
        phrase="who played {cmp} {value} in the {window}",
    ),
    Money(
        key="ggr", label="GGR, all time", family=Family.RESULTS, least=_LOW, of=GGR, criterion=Criterion.LOSS,
        help="Gross gaming revenue: stakes less wins, real and bonus money. Negative: the player is ahead.",
        example="Staked 1 000, won 940: 60.", words="gross gaming revenue win loss value house net",
        phrase="whose GGR is {cmp} {value}", note=_MINE,
    ),
    Money(
        key="ggr_window", label="GGR in a window", family=Family.RESULTS, least=_LOW, criterion=Criterion.LOSS,
        help="Gross gaming revenue of the window you choose: stakes less wins, real and bonus money.", params=(WINDOW,),
        of=InWindow(_STAKED, _WON), example="Staked 300 and won 350 in the last 30 days: −50.",
        words="gross gaming revenue win loss value house net", phrase="whose GGR of the {window} is {cmp} {value}",
        note=f"{READING} {_MINE}",
    ),
    Money(
        key="net_loss", label="Net loss, all time", family=Family.RESULTS, least=_LOW,
        help="Real-money stakes minus real-money wins. Negative: the player is ahead.",
        example="Staked 900 of their own and won 850: 50.", words="lost losing winner cash ggr",
        of=Total(("stake_real",), ("win_real",)), phrase="whose net loss is {cmp} {value}", note=_MINE,
        criterion=Criterion.LOSS,
    ),
    Money(
        key="net_loss_window", label="Net loss in a window", family=Family.RESULTS, least=_LOW, params=(WINDOW,),
        help="Real-money stakes minus real-money wins in the window you choose. Negative: the player is ahead.",
        example="Lost 80 on Monday and won 30 on Tuesday: 50.", words="lost losing winner cash ggr",
        of=InWindow(("stake_real",), ("win_real",)), phrase="whose net loss of the {window} is {cmp} {value}",
        note=f"{READING} {_MINE}", criterion=Criterion.LOSS,
    ),
    Number(
        key="hold", label="Hold", family=Family.RESULTS, unit="%", least=-1_000_000, most=100, down=100,
        help="GGR divided by stakes, all time: what the house kept. For sports it is called the margin.",
        of=GGR, per=STAKE, example="Staked 1 000, won 940: 6 %.", words="margin rtp payout house edge luck",
        phrase="of whose stakes the house has kept {cmp} {value}", criterion=Criterion.LOSS,
        note="Negative: the player is ahead. Players who have staked nothing do not match.",
    ),
    Number(
        key="hold_window", label="Hold in a window", family=Family.RESULTS, unit="%", least=-1_000_000, most=100,
        help="GGR divided by stakes, of the window you choose.", down=100, params=(WINDOW,),
        of=InWindow(_STAKED, _WON), per=InWindow(_STAKED), example="Staked 200 and won 240 in the last 7 days: −20 %.",
        words="margin rtp payout house edge luck lucky unlucky", criterion=Criterion.LOSS,
        phrase="of whose stakes in the {window} the house has kept {cmp} {value}",
        note=f"{READING} Players who staked nothing in the window do not match.",
    ),
    Money(
        key="balance", label="Cash balance", family=Family.RESULTS, help="Withdrawable balance, as last reported.",
        example="The platform last told of 12.50: 12.50.", words="wallet funds money left",
        of=Column("balance_real"), phrase="with a cash balance of {cmp} {value}", feeds=frozenset({"balances"}),
        note=_MINE,
    ),
    Money(
        key="balance_bonus", label="Bonus balance", family=Family.BONUSES, help="Bonus balance, as last reported.",
        example="10 of bonus money left to play: 10.", words="wallet funds bonus money left",
        of=Column("balance_bonus"), phrase="with a bonus balance of {cmp} {value}", feeds=frozenset({"balances"}),
        note=_MINE,
    ),
    Number(
        key="bet_to_deposit", label="Average bet relative to average deposit", family=Family.RESULTS, unit="%",
        help="Average stake per round divided by the average deposit, all time.", down=100, most=100_000, wide=True,
        of=Product(STAKE, Column("deposits")), per=Product(Column("rounds"), Column("deposit_sum")),
        example="25 a hand and deposits of 200: 12.5 %.", words="bet size ratio high stake to deposit",
        phrase="whose average bet is {cmp} {value} of their average deposit", feeds=PLAY_AND_PAY,
        note="Players without a round or without a deposit do not match.",
    ),
    Number(
        key="stake_to_deposit", label="Stakes relative to deposits", family=Family.RESULTS, unit="%",
        help="Stakes divided by deposits, all time: how often the money paid in was turned over.", down=100,
        most=10_000_000, of=STAKE, per=Column("deposit_sum"), example="Staked 5 000 on deposits of 200: 2 500 %.",
        words="turnover recycling churn rate wager ratio", phrase="whose stakes come to {cmp} {value} of their deposits",
        feeds=PLAY_AND_PAY, note="Players who have never deposited do not match.", criterion=Criterion.DEPOSIT_LEVEL,
    ),
    Number(
        key="bonus_stake_share", label="Share of stakes from bonus money", family=Family.BONUSES, unit="%", most=100,
        help="Bonus money staked as a share of all stakes, all time.", down=100, of=Total(("stake_bonus",)), per=STAKE,
        example="450 of 500 staked was bonus money: 90 %.", words="bonus hunter abuse only dependent",
        phrase="who staked {cmp} {value} from bonus money", note="Players who have staked nothing do not match.",
    ),
    # --- how play ends
    Number(
        key="losing_sessions", label="Share of losing sessions", family=Family.RESULTS, unit="%", most=100, down=100,
        help="Sessions that lost real money, as a share of the sessions with a stake.", of=habit("losing_sessions"),
        example="7 of 10 sessions ended with less than they began with: 70 %.", words="lost losing unlucky",
        per=habit("staked_sessions"), per_least=5, phrase="of whose sessions {cmp} {value} lost money",
        note="Players with fewer than 5 sessions with a stake do not match.", criterion=Criterion.LOSS,
    ),
)  # fmt: skip
